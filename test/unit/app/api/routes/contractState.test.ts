// Reading contracts over the API: what they are, views at any kept height, storage with its proof, events in pages.

import { describe, expect, test } from "bun:test";
import { bytesToHex, type Hash } from "../../../../../src/core/primitives/index.ts";
import { testAccount } from "../../../../support/chainFixture.ts";
import { COUNT, COUNTER, type ContractApi, serveContracts, TALKER } from "../../../../support/contractApi.ts";
import { accepted } from "../../../../support/refusalNodes.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];
const NOBODY = `0x${"ab".repeat(20)}`;

/** A counter that was deployed in block 1, and counted up by 1, 2, ... in the blocks after. */
async function serveCounter(calls: number) {
  const api = serveContracts();
  const { address } = await api.deploy(COUNTER);
  for (let amount = 1; amount <= calls; amount++) {
    await accepted(api.client.callContract({ address, function: "add", args: [amount] }, { waitMs: 5000 }));
  }
  return { ...api, address };
}

async function refusalOf(api: ContractApi, path: string, body?: object) {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await api.request(path, body === undefined ? {} : init);
  return [answer.status, answer.body.error?.code, answer.body.error?.details?.field];
}

describe("a contract", () => {
  test("is described by its account and its exports", async () => {
    const { client, address, node } = await serveCounter(0);
    const { codeHash, ...contract } = await accepted(client.contract(address));
    expect(contract as object).toEqual({
      address,
      sizeBytes: (COUNTER.length - 2) / 2,
      balance: 0,
      nonce: 0,
      exports: [
        { name: "get", parameters: [], results: ["i32"] },
        { name: "add", parameters: ["i32"], results: ["i32"] },
      ],
      memoryPages: 1,
    });
    expect(codeHash).toBe(node.handle.queries.account(address).codeHash as Hash);
    expect(await accepted(client.contractCode(address))).toBe(COUNTER as `0x${string}`);
  });

  test("that is none answers 404", async () => {
    const api = await serveCounter(0);
    for (const path of ["", "/code"]) {
      for (const address of [NOBODY, alice.address]) {
        expect(await refusalOf(api, `/contract/${address}${path}`)).toEqual([404, "contract_not_found", undefined]);
      }
      expect(await refusalOf(api, `/contract/0x12${path}`)).toEqual([400, "invalid_address", undefined]);
    }
    const view = await refusalOf(api, `/contract/${NOBODY}/view`, { function: "get" });
    expect(view).toEqual([404, "contract_not_found", undefined]);
  });
});

describe("a view", () => {
  test("runs on the head's state, and keeps nothing", async () => {
    const { client, address } = await serveCounter(2);
    const before = await accepted(client.head());
    const views = [
      await client.view(address, { function: "add", args: [10] }),
      await client.view(address, { function: "get" }),
    ];
    expect(views.map((view) => view.ok && [view.value.result, view.value.blockHeight as number])).toEqual([
      [13, 3],
      [3, 3],
    ]);
    expect(await accepted(client.head())).toEqual(before);
  });

  test("runs at each kept height, also by tag, in the block of that height", async () => {
    const { client, address } = await serveCounter(3);
    const resultAt = async (height: number | "earliest" | "latest" | "safe") => {
      const view = await client.view(address, { function: "get", height });
      return view.ok ? view.value.result : view.error.code;
    };
    expect(
      await Promise.all([0, 1, 2, 3, 4, 5, "earliest", "latest", "safe"].map((height) => resultAt(height as 0))),
    ).toEqual(["contract_not_found", 0, 1, 3, 6, "block_not_found", "contract_not_found", 6, "contract_not_found"]);
    const talker = await serveContracts().deploy(TALKER);
    expect(talker.blockHeight as number).toBe(1);
  });

  test("is told the block and the caller", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    await accepted(api.client.submit({ to: bob.address, amount: 1 }, { waitMs: 5000 }));
    const heights = [1, 2].map((height) => api.client.view(address, { function: "height", height }));
    expect((await Promise.all(heights.map(accepted))).map(({ result }) => result)).toEqual(["1", "2"]);
    const asBob = await accepted(api.client.view(address, { function: "caller", from: bob.address }));
    const asNobody = await accepted(api.client.view(address, { function: "caller" }));
    expect([asBob.returnData, asNobody.returnData]).toEqual([bob.address, `0x${"00".repeat(20)}`]);
  });

  test("that fails is answered with why, and one without end with what it may take", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const refused = await accepted(api.client.view(address, { function: "refuse" }));
    expect(refused).toMatchObject({ outcome: "revert", error: "The contract reverted: no such luck", result: null });
    const spun = await accepted(api.client.view(address, { function: "spin" }));
    expect(spun).toMatchObject({ outcome: "outOfGas", gasUsed: 100_000_000 });
    const crashed = await accepted(api.client.view(address, { function: "crash" }));
    expect(crashed.logs.map(({ text }) => text)).toEqual(["no such luck", null]);
  });

  const bodies: readonly (readonly [body: object, code: string, field: string | undefined])[] = [
    [{}, "missing_field", "function"],
    [{ function: 1 }, "invalid_type", "function"],
    [{ function: "get", gas: 1 }, "unknown_field", "gas"],
    [{ function: "get", from: "0x1" }, "invalid_address", "from"],
    [{ function: "get", height: "pending" }, "invalid_field", "height"],
    [{ function: "get", height: true }, "invalid_field", "height"],
    [{ function: "get", args: "x".repeat(65_537) }, "invalid_field", "args"],
    [[], "invalid_type", undefined],
  ];
  test("with a mistake in its body is refused by the name of the field", async () => {
    const api = await serveCounter(0);
    for (const [body, code, field] of bodies) {
      expect(await refusalOf(api, `/contract/${api.address}/view`, body)).toEqual([400, code, field]);
    }
  });
});

describe("storage", () => {
  test("is proven at the head and at earlier heights", async () => {
    const { client, address } = await serveCounter(3);
    const values = await Promise.all(
      [1, 2, 3, 4].map((height) => accepted(client.contractStorage(address, COUNT, { height }))),
    );
    expect(values.map(({ value }) => value)).toEqual([null, "0x01000000", "0x03000000", "0x06000000"]);
    const head = await accepted(client.contractStorage(address, COUNT));
    expect(head).toEqual(values[3] as typeof head);
    expect((await accepted(client.contractStorage(address, "0x"))).value).toBeNull();
  });

  test("of another root is refused", async () => {
    const { client, address } = await serveCounter(2);
    const { stateRoot } = await accepted(client.block(2));
    expect(await client.contractStorage(address, COUNT, { stateRoot })).toMatchObject({
      ok: false,
      error: { kind: "proof", code: "invalid_proof" },
    });
    expect(await client.contractStorage(address, COUNT, { height: 2, stateRoot })).toMatchObject({ ok: true });
  });

  test("under a key that is none is refused", async () => {
    const api = await serveCounter(0);
    for (const key of ["count", "0x0", "0xzz", "%zz", `0x${"00".repeat(129)}`]) {
      expect(await refusalOf(api, `/contract/${api.address}/storage/${key}`)).toEqual([400, "invalid_key", undefined]);
    }
    const path = `/contract/${api.address}/storage/${COUNT}`;
    expect(await refusalOf(api, `${path}?height=x`)).toEqual([400, "invalid_query", undefined]);
    expect(await refusalOf(api, `${path}?height=9`)).toEqual([404, "block_not_found", undefined]);
    const upperCase = COUNT.toUpperCase().replace("X", "x");
    expect((await api.request(`/contract/${api.address}/storage/${upperCase}`)).status).toBe(200);
  });
});

describe("events", () => {
  const sums = [1, 3, 6, 10, 15].map((sum) => bytesToHex(Uint8Array.of(sum, 0, 0, 0)));
  const topic = `0x6164646564${"00".repeat(27)}` as Hash;

  test("are listed in order, with where they stand", async () => {
    const { client, address } = await serveCounter(5);
    const { events, next } = await accepted(client.contractEvents(address));
    expect([events.map(({ data }) => data), next]).toEqual([sums, null]);
    const [first] = events;
    const block = await accepted(client.block(2));
    expect(first as object).toEqual({
      blockHeight: 2,
      blockHash: block.hash,
      transactionHash: block.transactions[0] ?? "",
      transactionIndex: 0,
      eventIndex: 0,
      topics: [topic],
      data: sums[0] ?? "",
    });
  });

  test("of a range, a topic, and an account without any", async () => {
    const { client, address } = await serveCounter(5);
    const dataOf = async (options: Parameters<typeof client.contractEvents>[1]) =>
      (await accepted(client.contractEvents(address, options))).events.map(({ data }) => data);
    expect(await dataOf({ fromHeight: 3, toHeight: 4 })).toEqual(sums.slice(1, 3));
    expect(await dataOf({ fromHeight: 4, toHeight: 3 })).toEqual([]);
    expect(await dataOf({ fromHeight: "latest" })).toEqual(sums.slice(4));
    expect(await dataOf({ topic })).toEqual(sums);
    expect(await dataOf({ topic: `0x${"00".repeat(32)}` as Hash })).toEqual([]);
    expect(await accepted(client.contractEvents(alice.address))).toEqual({ events: [], next: null });
  });

  test("come in pages that join without a gap, also within one transaction", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    for (const count of [7, 1, 5]) {
      await accepted(api.client.callContract({ address, function: "many", args: [count] }, { waitMs: 5000 }));
    }
    for (const countMax of [1, 2, 3, 7, 13]) {
      const places: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await accepted(
          api.client.contractEvents(address, cursor === undefined ? { countMax } : { countMax, cursor }),
        );
        expect(page.events.length).toBeLessThanOrEqual(countMax);
        places.push(...page.events.map(({ blockHeight, eventIndex }) => `${blockHeight}-${eventIndex}`));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(places).toEqual([
        ...[0, 1, 2, 3, 4, 5, 6].map((index) => `2-${index}`),
        "3-0",
        ...[0, 1, 2, 3, 4].map((index) => `4-${index}`),
      ]);
    }
  });

  test("of a call that failed are none", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const call = { address, function: "many", args: [2000] };
    const called = await accepted(api.client.callContract(call, { waitMs: 5000 }));
    expect(called).toMatchObject({ reason: "limitExceeded", events: [] });
    expect((await accepted(api.client.contractEvents(address))).events).toEqual([]);
  });

  test("with a mistake in the query are refused", async () => {
    const api = await serveCounter(0);
    for (const query of [
      "limit=0",
      "limit=1001",
      "cursor=x",
      "cursor=1-2",
      "cursor=01-0-0",
      "topic=0x12",
      "fromHeight=-1",
      "page=1",
    ]) {
      expect(await refusalOf(api, `/contract/${api.address}/events?${query}`)).toEqual([
        400,
        "invalid_query",
        undefined,
      ]);
    }
  });
});
