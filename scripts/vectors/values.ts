// Golden vectors of single values: numbers, byte strings, text, addresses, accounts and fees.

import { checksumAddress, parseAddress, secretKeyToAddress, sha256 } from "../../src/core/crypto/index.ts";
import {
  type Address,
  type Amount,
  assert,
  bytesToHex,
  decodeWith,
  type Gas,
  type GasPrice,
  hexToBytes,
  type Nonce,
  type Reader,
  UINT_MAX,
  Writer,
} from "../../src/core/primitives/index.ts";
import { feeOf } from "../../src/core/protocol/index.ts";
import { type Account, accountKey, decodeAccount, encodeAccount } from "../../src/core/state/index.ts";
import { hashOfText, RECEIVER, SECRET_KEY, SENDER } from "../../test/vectors/samples.ts";
import { refusedBy } from "./refused.ts";

const TEXTS = [
  "",
  "a",
  "\u0000",
  "\ufeffBOM stays",
  "Zoë",
  "\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff",
  "\u{10000}🚀\u{10ffff}",
] as const;

function refused(read: (reader: Reader) => unknown, cases: readonly (readonly [string, string])[]) {
  return refusedBy((bytes) => decodeWith(bytes, read), cases);
}

export function codecVectors() {
  const written = <Value>(values: readonly Value[], write: (writer: Writer, value: Value) => Writer) =>
    values.map((value) => ({ value, encoded: bytesToHex(write(new Writer(), value).finish()) }));
  return {
    about: "docs/spec/encoding.md, Numbers, Flags, Byte strings and Text",
    u8: written([0, 1, 127, 128, 255], (writer, value) => writer.u8(value)),
    u32: written([0, 1, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1], (writer, value) => writer.u32(value)),
    u64: written(
      [0, 1, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, UINT_MAX - 1, UINT_MAX],
      (writer, value) => writer.u64(value),
    ),
    flag: written([false, true], (writer, value) => writer.bool(value)),
    bytes: written(["0x", "0x00", "0xff00ff"], (writer, value) => writer.bytes(hexToBytes(value))),
    text: written(TEXTS, (writer, value) => writer.text(value)),
    refused: {
      u64: refused(
        (reader) => reader.u64(),
        [
          ["2^53", "0020000000000000"],
          ["2^53 + 1", "0020000000000001"],
          ["2^64 - 1", "ffffffffffffffff"],
          ["seven bytes", "00000000000000"],
          ["nine bytes", "000000000000000000"],
        ],
      ),
      flag: refused(
        (reader) => reader.bool(),
        [
          ["2", "02"],
          ["255", "ff"],
        ],
      ),
      bytes: refused(
        (reader) => reader.bytes({ countMax: 3 }),
        [
          ["a length that the input does not hold", "0000000300ff"],
          ["four bytes where three are allowed", "0000000400000000"],
        ],
      ),
      text: refused(
        (reader) => reader.text({ countMax: 8 }),
        [
          ["a continuation byte alone", "0000000180"],
          ["a sequence cut short", "00000002e282"],
          ["an overlong NUL", "00000002c080"],
          ["an overlong slash of three bytes", "00000003e080af"],
          ["an overlong form of four bytes", "00000004f08fbfbf"],
          ["a surrogate", "00000003eda080"],
          ["a surrogate pair in UTF-8", "00000006eda081edb080"],
          ["a code point past U+10FFFF", "00000004f4908080"],
          ["the lead byte 0xf5", "00000004f5808080"],
          ["the lead byte 0xff", "00000001ff"],
        ],
      ),
    },
  };
}

function withDigitsOfOtherCase(address: string): string {
  const at = address.search(/[a-fA-F]/);
  const digit = address[at] as string;
  const other = digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase();
  return address.slice(0, at) + other + address.slice(at + 1);
}

export function addressVectors() {
  const keys = [SECRET_KEY, `0x${"00".repeat(31)}01`, `0x${"00".repeat(31)}02`, hashOfText("a key")];
  const addresses = keys.map((secretKey) => ({ secretKey, address: secretKeyToAddress(hexToBytes(secretKey)) }));
  const refusedTexts = [
    "0x",
    SENDER.slice(2),
    SENDER.slice(0, -1),
    `${SENDER}0`,
    `0X${SENDER.slice(2)}`,
    `${SENDER.slice(0, -1)}g`,
    ` ${SENDER}`,
    `${SENDER}\n`,
    withDigitsOfOtherCase(checksumAddress(SENDER)),
  ];
  for (const text of refusedTexts) assert(!parseAddress(text).ok, `${text} is refused`);
  return {
    about: "docs/spec/encoding.md, Addresses",
    addresses: addresses.map((entry) => ({ ...entry, checksummed: checksumAddress(entry.address) })),
    accepted: [SENDER, checksumAddress(SENDER), `0x${SENDER.slice(2).toUpperCase()}`, `0x${"0".repeat(40)}`],
    refused: refusedTexts,
  };
}

export function accountVectors() {
  const account = (balance: number, nonce: number, stake: number, codeHash?: Account["codeHash"]): Account => ({
    balance: balance as Amount,
    nonce: nonce as Nonce,
    stake: stake as Amount,
    codeHash,
  });
  const cases: readonly { address: Address; account: Account }[] = [
    { address: SENDER, account: account(1, 0, 0) },
    { address: SENDER, account: account(0, 1, 0) },
    { address: RECEIVER, account: account(0, 0, 1) },
    { address: RECEIVER, account: account(0, 0, 0, hashOfText("code")) },
    { address: RECEIVER, account: account(UINT_MAX, UINT_MAX, UINT_MAX, hashOfText("code")) },
  ];
  return {
    about: "docs/spec/encoding.md, Account; an account of zeros and no code is absent",
    accounts: cases.map((entry) => {
      const value = encodeAccount(entry.account);
      assert(value !== undefined, "an account with something in it has a value");
      const key = accountKey(entry.address);
      return {
        address: entry.address,
        account: { ...entry.account, codeHash: entry.account.codeHash ?? null },
        key: bytesToHex(key),
        path: bytesToHex(sha256(key)),
        value: bytesToHex(value),
      };
    }),
    refused: refusedBy(decodeAccount, [
      ["a flag of 2", `${"00".repeat(23)}0102`],
      ["a flag without its hash", `${"00".repeat(24)}01`],
      ["a hash without its flag", `${"00".repeat(23)}0100${"00".repeat(32)}`],
      ["a balance of 2^53", `0020000000000000${"00".repeat(17)}`],
    ]),
  };
}

export function feeVectors() {
  const cases: readonly (readonly [gas: number, price: number])[] = [
    [0, 0],
    [0, UINT_MAX],
    [UINT_MAX, 0],
    [1, 1],
    [999_999, 1],
    [1_000_000, 1],
    [1_000_001, 1],
    [100_000, 1_000],
    [UINT_MAX, 1],
    [UINT_MAX, 999_999],
    [UINT_MAX, 1_000_000],
    [1_000_000, UINT_MAX],
    [UINT_MAX, 1_000_001],
    [1_000_001, UINT_MAX],
    [UINT_MAX, UINT_MAX],
    [94_906_267, 94_906_266],
    [134_217_728, 67_108_864],
    [134_217_729, 67_108_865],
  ];
  return {
    about: "docs/spec/gas.md, Fees; null where the fee passes 2^53-1",
    fees: cases.map(([gas, price]) => ({
      gas,
      price,
      fee: feeOf({ gas: gas as Gas, price: price as GasPrice }) ?? null,
    })),
  };
}
