// What the SDK makes of the host functions, beside JSON (json.test.ts).

import { beforeEach, describe, expect, test } from "bun:test";
import { checksumAddress, keccak256, sha256, sign } from "../../src/core/crypto/index.ts";
import { bytesToHash } from "../../src/core/primitives/index.ts";
import { TEST_BALANCE, testAccount } from "../support/chainFixture.ts";
import { exampleModule } from "../support/exampleContracts.ts";
import { deploySdkProbe, type SdkProbe } from "../support/sdkProbe.ts";

const [anne, bert] = [testAccount(0), testAccount(1)];
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

let probe: SdkProbe;
beforeEach(async () => {
  probe = await deploySdkProbe();
}, 60_000);

describe("storage", () => {
  const NOTHING = {
    length: 0,
    flag: false,
    small: 0,
    isMinusFive: false,
    owner: `0x${"00".repeat(20)}`,
    bytes: "0x",
    byText: ["", "", ""],
    byNumber: [0, 0],
    pairs: [0, 0],
  };

  test.each([1, 64, 65, 8192])("keeps values of every kind, and a text of %i characters", (size) => {
    expect(JSON.parse(probe.ask("kept").text)).toEqual(NOTHING);
    expect(probe.ask("fill", { size }).outcome).toBe("success");
    expect(JSON.parse(probe.ask("kept").text)).toEqual({
      length: size,
      flag: true,
      small: 200,
      isMinusFive: true,
      owner: anne.address,
      bytes: hex(Buffer.from("bytes")),
      byText: ["empty key", "A", ""],
      byNumber: ["18446744073709551615", 0],
      pairs: [1, 2],
    });
    // Of another caller: its own pairs.
    expect(JSON.parse(probe.ask("kept", {}, { sender: bert }).text).pairs).toEqual([0, 0]);
  });

  test("refuses a value that is too large", () => {
    expect(probe.ask("fill", { size: 8193 }).reason).toBe("limitExceeded");
  });

  test("keeps nothing for default values, which gives gas back", () => {
    probe.ask("fill", { size: 5 });
    const { gasRefunded } = probe.ask("empty");
    expect(gasRefunded as number).toBeGreaterThan(0);
    expect(JSON.parse(probe.ask("kept").text)).toEqual(NOTHING);
    expect(probe.ask("empty").gasRefunded as number).toBe(0);
  });
});

describe("addresses", () => {
  const parse = (address: string) => probe.ask("kinds", { address }).text;
  const digits = "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
  const checksummed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

  test.each([`0x${digits}`, `0x${digits.toUpperCase()}`, checksummed])("%s is one", (text) => {
    expect(JSON.parse(parse(text))).toEqual({ address: `0x${digits}` });
  });

  test("every test account's checksum is right", () => {
    for (let index = 0; index < 10; index++) {
      const { address } = testAccount(index);
      expect(JSON.parse(parse(checksumAddress(address)))).toEqual({ address });
    }
  });

  test.each([
    checksummed.replace("5aA", "5aa"),
    checksummed.replace("Aed", "AeD"),
    digits,
    `0x${digits}0`,
    `0x${digits.slice(2)}`,
    `0x${digits.slice(1)}g`,
    "",
  ])("%s is none", (text) => {
    expect(parse(text)).toBe("address is not an address");
  });

  test("are equal by their bytes", () => {
    expect(probe.ask("same", { left: checksummed, right: `0x${digits}` }).text).toBe("true");
    expect(probe.ask("same", { left: anne.address, right: bert.address }).text).toBe("false");
  });
});

test("the context is that of the call", () => {
  const { chain } = probe.ledger.testChain;
  const { text } = probe.ask("context", {}, { sender: bert, amount: 12 });
  const { height, timestampMs } = chain.head.header;
  expect(JSON.parse(text)).toEqual({
    caller: bert.address,
    origin: bert.address,
    self: probe.address,
    height,
    timestamp: timestampMs,
    chainId: chain.genesisHash,
    hasGas: true,
    balance: 12,
  });
});

describe("events and logs", () => {
  test("have the name as first topic, and integers at the end of theirs", () => {
    const { events, logs } = probe.ask("announce", { name: "Größe", topics: 3 });
    const number = (value: number) => `0x${value.toString(16).padStart(64, "0")}`;
    expect(events.map(({ topics }) => topics as readonly string[])).toEqual([
      [hex(Buffer.concat([Buffer.from("Größe")], 32)), number(3), number(2), number(1)],
    ]);
    expect(Buffer.from(events[0]?.data ?? []).toString()).toBe("data");
    expect(logs.map(({ data }) => Buffer.from(data).toString())).toEqual(["Übergröße"]);
  });

  test("have names of at most 32 bytes and at most four topics", () => {
    expect(probe.ask("announce", { name: "n".repeat(32), topics: 0 }).outcome).toBe("success");
    expect(probe.ask("announce", { name: "n".repeat(33), topics: 0 }).text).toBe(
      "the name of an event has more than 32 bytes",
    );
    expect(probe.ask("announce", { name: "n", topics: 4 }).text).toBe("an event has more than four topics");
  });
});

describe("arithmetic", () => {
  const MAX = "18446744073709551615";
  test.each([
    ["add", MAX, 0, `"${MAX}"`],
    ["add", MAX, 1, "a sum is too large"],
    ["subtract", 5, 5, "0"],
    ["subtract", 5, 6, "a difference is below zero"],
    ["multiply", 0, MAX, "0"],
    ["multiply", 4294967295, 4294967297, `"${MAX}"`],
    ["multiply", 4294967296, 4294967296, "a product is too large"],
  ])("%s of %s and %s", (operation, left, right, result) => {
    expect(probe.ask("calculate", { operation, left, right }).text).toBe(result);
  });
});

describe("cryptography", () => {
  test("hashes", () => {
    const data = Buffer.from("abc");
    expect(JSON.parse(probe.ask("hashes", { data: hex(data) }).text)).toEqual({
      sha256: hex(sha256(data)),
      keccak256: hex(keccak256(data)),
    });
  });

  test("finds who signed", () => {
    const digest = sha256(Buffer.from("abc"));
    const signature = sign({ digest, secretKey: bert.secretKey });
    expect(probe.ask("signer", { digest: bytesToHash(digest), signature }).text).toBe(`"${bert.address}"`);
    const broken = `0x${"00".repeat(65)}`;
    expect(probe.ask("signer", { digest: bytesToHash(digest), signature: broken }).text).toBe('"nobody"');
  });
});

describe("payments", () => {
  test("are made as far as the contract can", () => {
    const pay = (amount: number | string, firm: boolean) => probe.ask("pay", { to: bert.address, amount, firm });
    probe.ask("context", {}, { amount: 10 });
    expect(pay(11, false).text).toBe("false");
    expect(pay("18446744073709551615", false).text).toBe("false");
    expect(pay(11, true).text).toBe("the contract's balance is too small");
    expect(pay(4, false).text).toBe("true");
    expect(pay(6, true).text).toBe("true");
    expect(probe.ledger.balance(probe.address)).toBe(0);
    expect(probe.ledger.balance(bert.address)).toBe(TEST_BALANCE + 10);
  });
});

describe("calls of other contracts", () => {
  const relay = (args: Record<string, unknown>, amount = 0) =>
    JSON.parse(probe.ask("relay", { function: "get", args: "{}", ...args }, { amount }).text);

  test("return data and messages", () => {
    const counter = probe.ledger.deploy(anne, exampleModule("counter/counter")).address;
    expect(relay({ to: counter, function: "increment", args: '{"by":5}' })).toEqual({ code: 0, data: "5" });
    expect(relay({ to: counter, function: "increment", args: '{"by":-1}' })).toEqual({
      code: 1,
      data: "by is not a number from 0 to 2^64-1",
    });
    expect(relay({ to: counter, gas: 1 })).toEqual({ code: 2, data: "" });
    expect(relay({ to: counter, function: "nothing" })).toEqual({ code: 4, data: "" });
    expect(relay({ to: bert.address })).toEqual({ code: 4, data: "" });
    expect(relay({ to: probe.address, function: "kept" })).toEqual({ code: 4, data: "" });
    expect(relay({ to: counter })).toEqual({ code: 0, data: "5" });
  });

  test("pass on money, which comes back when they fail", () => {
    const bank = probe.ledger.deploy(anne, exampleModule("bank/bank")).address;
    expect(relay({ to: bank, function: "deposit", amount: 30 }, 30)).toEqual({ code: 0, data: "30" });
    expect(relay({ to: bank, function: "withdraw", amount: 5, args: '{"amount":1}' }, 5).code).toBe(1);
    expect(probe.ledger.balance(bank)).toBe(30);
    expect(probe.ledger.balance(probe.address)).toBe(5);
    expect(relay({ to: bank, function: "withdraw", args: '{"amount":30}' })).toEqual({ code: 0, data: "0" });
    expect(probe.ledger.balance(probe.address)).toBe(35);
  });

  test("a contract makes others of code that is there", () => {
    const counter = probe.ledger.deploy(anne, exampleModule("counter/counter")).address;
    expect(probe.ask("multiplyContract", { of: bert.address }).text).toBe('"no contract"');
    const first = JSON.parse(probe.ask("multiplyContract", { of: counter }).text);
    const second = JSON.parse(probe.ask("multiplyContract", { of: counter }).text);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(new Set([counter, first.address, second.address]).size).toBe(3);
    expect(probe.ledger.call(anne, { address: second.address, name: "increment" }).text).toBe("1");
    expect(probe.ledger.call(anne, { address: first.address, name: "get" }).text).toBe("0");
  });
});
