// Deploying, calling and estimating over the API: answers, defaults, signed requests, and failures in words.

import { describe, expect, test } from "bun:test";
import type { Address, Hash } from "../../../../../src/core/primitives/index.ts";
import { contractAddress, createSigningDomain, signTransaction } from "../../../../../src/core/protocol/index.ts";
import { testAccount } from "../../../../support/chainFixture.ts";
import { COUNTER, serveContracts, TALKER } from "../../../../support/contractApi.ts";
import { accepted } from "../../../../support/refusalNodes.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];

function postTo(api: ReturnType<typeof serveContracts>, path: string, body: object | string) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return api.request(path, { method: "POST", headers: { "content-type": "application/json" }, body: text });
}

describe("a deploy", () => {
  test("answers with hash and address, and the contract is there", async () => {
    const api = serveContracts();
    const { status, body } = await postTo(api, "/deploy-contract", { wasm: COUNTER, args: {} });
    const address = contractAddress({ creator: alice.address, nonce: 0 });
    expect([status, body]).toEqual([200, { hash: expect.stringMatching(/^0x/), address, status: "ok" } as never]);
    expect((await accepted(api.client.contract(address))).exports.map(({ name }) => name)).toEqual(["get", "add"]);
  });

  test("that waits answers with what it came to", async () => {
    const api = serveContracts();
    const { body } = await postTo(api, "/deploy-contract?wait=included", { wasm: COUNTER });
    expect(body).toMatchObject({ blockHeight: 1, outcome: "success", error: null, events: [], result: null });
    expect((await accepted(api.client.transaction(body.hash as Hash))).args).toBe("{}");
  });

  test("of a broken module is refused with the place, and costs nothing", async () => {
    const api = serveContracts();
    const cut = COUNTER.slice(0, -10);
    const { status, body } = await postTo(api, "/deploy-contract", { wasm: cut });
    expect([status, body.error.code]).toEqual([400, "malformed_module"]);
    expect(body.error.details).toHaveProperty("offset");
    expect((await accepted(api.client.account(alice.address))).nonce as number).toBe(0);
  });

  test("without a module, or with a field of a call, is refused by the names of this route", async () => {
    const api = serveContracts();
    const refusals = await Promise.all(
      [{ args: {} }, { wasm: "0x0" }, { wasm: COUNTER, code: "0x" }, { wasm: COUNTER, type: "deploy" }].map((body) =>
        postTo(api, "/deploy-contract", body),
      ),
    );
    expect(refusals.map(({ body }) => [body.error.code, body.error.details?.field])).toEqual([
      ["missing_field", "wasm"],
      ["invalid_field", "wasm"],
      ["unknown_field", "code"],
      ["unknown_field", "type"],
    ]);
  });
});

describe("a call", () => {
  test("that waits answers with result, events, gas and logs", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(COUNTER);
    const { body } = await postTo(api, "/call-contract?wait=included", { address, function: "add", args: [-5] });
    expect(body).toMatchObject({ status: "ok", result: -5, returnData: "0x2d35", outcome: "success", error: null });
    expect(body.events).toEqual([{ address, topics: [`0x6164646564${"00".repeat(27)}`], data: "0xfbffffff" }] as never);
    expect(body.gasUsed).toBeGreaterThan(100_000);
  });

  test("keeps the arguments in the words of the request", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const args = '{ "b": -1.50, "1": [1e3,\n 12345678901234567890], "__proto__": "\\u0041\\u00e9" }';
    const { body } = await postTo(
      api,
      "/call-contract?wait=included",
      `{"address":"${address}","function":"echo","args":${args}}`,
    );
    const text = '{"b":-1.50,"1":[1e3,12345678901234567890],"__proto__":"Aé"}';
    expect(Buffer.from((body.returnData as string).slice(2), "hex").toString()).toBe(text);
    expect((await accepted(api.client.transaction(body.hash as Hash))).args).toBe(text);
  });

  test("by its sender takes the text that was signed, and no value in its place", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const { genesisHash } = await accepted(api.client.info());
    const draft = { from: bob.address, amount: 0, nonce: 0, gasLimit: 1_000_000, gasPrice: 0, expiry: 0 };
    const call = { ...draft, function: "echo", args: '{ "a" : 1 }' };
    const { signature, hash } = signTransaction({
      transaction: { type: "call", to: address, ...call } as never,
      secretKey: bob.secretKey,
      domain: createSigningDomain(genesisHash),
    });
    const asValue = await postTo(api, "/call-contract", { address, ...call, args: { a: 1 }, signature });
    expect([asValue.status, asValue.body.error.code]).toEqual([400, "invalid_type"]);
    const incomplete = await postTo(api, "/call-contract", { address, ...call, amount: undefined, signature });
    expect([incomplete.status, incomplete.body.error.code]).toEqual([400, "missing_field"]);
    const sent = await postTo(api, "/call-contract?wait=included", { address, ...call, signature });
    expect(sent.body).toMatchObject({ hash, returnData: `0x${Buffer.from(call.args).toString("hex")}` });
  });

  const failures: readonly (readonly [name: string, args: string, reason: string, words: string])[] = [
    ["refuse", "{}", "revert", "The contract reverted: no such luck"],
    ["refuseBytes", "{}", "revert", "The contract reverted with 2 bytes that are no text."],
    ["refuseSilently", "{}", "revert", "The contract reverted, and does not say why."],
    ["crash", "{}", "trap", "unreachable instruction"],
    ["spin", "{}", "outOfGas", "used up its gas limit"],
    ["nothing", "{}", "noFunction", "no such function"],
    ["many", "[1.5]", "badArguments", "a JSON array with one integer for each parameter"],
  ];
  for (const [name, args, reason, words] of failures) {
    test(`that fails of ${reason} in ${name} is included and says so`, async () => {
      const api = serveContracts();
      const { address } = await api.deploy(TALKER);
      const body = `{"address":"${address}","function":"${name}","args":${args}}`;
      const called = await postTo(api, "/call-contract?wait=included", body);
      expect(called.body).toMatchObject({ status: "ok", reason, result: null, events: [] });
      expect(called.body.error as never as string).toContain(words);
      const { receipt } = (await accepted(api.client.transaction(called.body.hash as Hash))) as never as {
        receipt: object;
      };
      expect(receipt).toMatchObject({ reason, error: called.body.error });
    });
  }

  test("that crashed shows its logs, as text where they are text", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const called = await accepted(api.client.callContract({ address, function: "crash" }, { waitMs: 5000 }));
    expect(called.logs?.map(({ data, text }) => [data, text])).toEqual([
      ["0x6e6f2073756368206c75636b", "no such luck"],
      ["0xff00", null],
    ]);
  });

  test("whose return data is JSON has it parsed, and other data as bytes alone", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const call = (name: string, args: unknown) =>
      accepted(api.client.callContract({ address, function: name, args }, { waitMs: 5000 }));
    expect((await call("json", {})).result).toEqual({ n: [-1, 2.5] });
    expect((await call("caller", {})).result).toBeNull();
    expect((await call("echo", '{"a":1,"a":2}')).result).toBeNull();
    expect((await call("echo", "[".repeat(40) + "]".repeat(40))).result).toBeNull();
  });

  test("waits for a final block where it is asked to, and says when the time is over", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(COUNTER);
    const path = "/call-contract?wait=finalized&timeoutMs=50";
    const { status, body } = await postTo(api, path, { address, function: "add", args: [1] });
    expect([status, body.error.code]).toEqual([504, "inclusion_timeout"]);
    expect(body.error.details).toMatchObject({ blockHeight: 2, timeoutMs: 50 });
  });
});

describe("an estimate", () => {
  const counter = contractAddress({ creator: alice.address, nonce: 0 });

  test("is what the transaction then uses, and its limit leaves a quarter more", async () => {
    const api = serveContracts();
    const deploy = await accepted(api.client.estimateGas({ wasm: COUNTER }));
    const deployed = await api.deploy(COUNTER);
    expect(deploy).toMatchObject({ gasUsed: deployed.gasUsed as number, outcome: "success", error: null });
    const call = { address: counter, function: "add", args: [3] };
    const estimated = await accepted(api.client.estimateGas(call));
    const called = await accepted(api.client.callContract(call, { waitMs: 5000 }));
    expect([estimated.gasUsed, estimated.result, estimated.events.length]).toEqual([called.gasUsed as never, 3, 1]);
    expect(estimated.gasLimit as number).toBe(estimated.gasUsed + Math.ceil(estimated.gasUsed / 4));
    const { gasLimit } = await accepted(api.client.transaction(called.hash));
    expect(gasLimit).toBe(estimated.gasLimit);
  });

  test("keeps nothing, of a signed request neither", async () => {
    const api = serveContracts();
    await api.deploy(COUNTER);
    const before = await accepted(api.client.head());
    const signed = { type: "call", from: bob.address, to: counter, amount: 0, function: "add", args: "[3]", nonce: 77 };
    for (let round = 0; round < 2; round++) {
      const estimate = await accepted(
        api.client.estimateGas({
          ...signed,
          gasLimit: 400_000,
          gasPrice: 9,
          expiry: 1,
          signature: `0x${"11".repeat(64)}00`,
        }),
      );
      expect(estimate).toMatchObject({ result: 3, outcome: "success" });
    }
    expect(await accepted(api.client.head())).toEqual(before);
  });

  test("of a transfer is what transfers take", async () => {
    const api = serveContracts();
    const estimate = await accepted(api.client.estimateGas({ to: bob.address, amount: 1 }));
    expect(estimate).toMatchObject({ gasUsed: 100_000, gasLimit: 100_000, outcome: "success" });
  });

  test("of what fails says why, and leaves enough gas for the receipt to say it too", async () => {
    const api = serveContracts();
    const { address } = await api.deploy(TALKER);
    const refused = await accepted(api.client.estimateGas({ address, function: "refuse" }));
    expect(refused).toMatchObject({ reason: "revert", error: "The contract reverted: no such luck" });
    expect(refused.gasLimit as number).toBeGreaterThan(10_000_000);
    const spun = await accepted(api.client.estimateGas({ address, function: "spin" }));
    expect(spun).toMatchObject({ reason: "outOfGas", gasUsed: 100_000 + 40 * 6 + 100_000_000 });
  });

  const refusals: readonly (readonly [name: string, body: object, code: string])[] = [
    ["a broken module", { wasm: "0x00" }, "malformed_module"],
    ["more than the sender owns", { to: bob.address, amount: 9e15 }, "insufficient_balance"],
    ["a gas limit below what its bytes cost", { to: bob.address, amount: 1, gasLimit: 1 }, "gas_limit_too_low"],
    ["a type that is not executed", { type: "stake", amount: 5000 }, "not_yet_enabled"],
    ["an empty function name", { address: counter, function: "" }, "invalid_transaction"],
    ["no object", [1], "invalid_type"],
  ];
  for (const [name, body, code] of refusals) {
    test(`of ${name} is refused`, async () => {
      expect(await serveContracts().client.estimateGas(body)).toMatchObject({ ok: false, error: { code } });
    });
  }
});

test("an unsigned call of a contract that is not there yet is sent all the same", async () => {
  const api = serveContracts();
  const nowhere = `0x${"ab".repeat(20)}` as Address;
  const called = await accepted(api.client.callContract({ address: nowhere, function: "f" }, { waitMs: 5000 }));
  expect(called).toMatchObject({ outcome: "trap", reason: "noContract" });
});
