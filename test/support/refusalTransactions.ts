// Refusals of one transaction: its text, its fields, its signature, and the rules of the chain and the mempool.

import { checksumAddress, secretKeyToAddress } from "../../src/core/crypto/index.ts";
import {
  type Address,
  type Amount,
  type Bytes,
  type Hash,
  type Signature,
  UINT_MAX,
} from "../../src/core/primitives/index.ts";
import { TRANSACTION_GAS } from "../../src/core/protocol/index.ts";
import { TEST_BALANCE, type TestAccount, transfer } from "./chainFixture.ts";
import { NARROW_GAS_PRICE, OPEN_PER_ACCOUNT_MAX, people, type RefusalNode, WAITING } from "./refusalNodes.ts";
import { type RefusalRow, transactionRow as row } from "./refusalRows.ts";
import { assemble } from "./wat.ts";

const { alice, bob, carol, dave } = people;
const OTHER_CHAIN = `0x${"ab".repeat(32)}` as Hash;
const NONCE_GAP_MAX = 64;
// The order of the curve's group (SEC 2, section 2.4.1).
const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const strangerKey = new Uint8Array(32).fill(0x77);
/** Owns nothing, and stands on no list. */
const stranger: TestAccount = { secretKey: strangerKey, address: secretKeyToAddress(strangerKey) };

/** Alice's next transfer, which would be taken but for `fields`. */
const next = (fields: Parameters<RefusalNode["signed"]>[1]) => (node: RefusalNode) =>
  node.signed(alice, { nonce: 1, ...fields });

/** Alice's next transfer without its hash, changed after it was signed; undefined takes a member away. */
const changed = (changes: object) => (node: RefusalNode) => ({ ...next({})(node), hash: undefined, ...changes });

/** Alice's next transfer, the value of one field being written as `text`. */
const written = (field: string, text: string) => (node: RefusalNode) =>
  JSON.stringify({ ...next({})(node), [field]: "<value>" }).replace('"<value>"', text);

function withHighS(signature: Signature): string {
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const parity = signature.endsWith("00") ? "01" : "00";
  return `${signature.slice(0, 66)}${(GROUP_ORDER - s).toString(16).padStart(64, "0")}${parity}`;
}

/** The checksum of EIP-55 with the case of its first letter turned. */
function withWrongChecksum(address: Address): string {
  return checksumAddress(address).replace(/(?<=^0x[^a-fA-F]*)[a-fA-F]/, (digit) =>
    digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase(),
  );
}

const nested = (depth: number) => `${'{"tx":'.repeat(depth)}1${"}".repeat(depth)}`;

const text: readonly RefusalRow[] = [
  row("no JSON: text", [400, "invalid_json"], "send it all"),
  row("no JSON: it ends early", [400, "invalid_json"], '{"type":"transfer"'),
  row("no JSON: a comma too many", [400, "invalid_json"], '{"type":"transfer",}'),
  row("no JSON: single quotes", [400, "invalid_json"], "{'type':'transfer'}"),
  row("no JSON: NaN", [400, "invalid_json"], '{"amount":NaN}'),
  row("no JSON: a control character in a string", [400, "invalid_json"], '{"type":"trans\nfer"}'),
  row("a duplicate key", [400, "duplicate_key"], '{"amount":1,"amount":1}'),
  row("a duplicate key, one of them escaped", [400, "duplicate_key"], '{"amount":1,"\\u0061mount":1}'),
  row("a duplicate key within the arguments", [400, "duplicate_key"], '{"args":{"a":1,"a":2}}'),
  row("a lone surrogate, high", [400, "lone_surrogate"], '{"function":"\\ud800"}'),
  row("a lone surrogate, low", [400, "lone_surrogate"], '{"function":"a\\udfffb"}'),
  row("a lone surrogate in a key", [400, "lone_surrogate"], '{"\\ud83d":1}'),
  row("nesting of 33 objects", [400, "nesting_too_deep"], nested(33)),
  row("nesting of 5,000 arrays", [400, "nesting_too_deep"], "[".repeat(5000)),
];

const NUMBERS = ["9007199254740993", "1.0", "1e3", "-0", "9007199254740990.6", "0.99999999999999999999"];
const MORE_NUMBERS = ["9007199254740992", "-1", "-9007199254740991", "01", "1E0", "1.5", "1e400", "9".repeat(400)];

const numbers: readonly RefusalRow[] = [
  ...[...NUMBERS, ...MORE_NUMBERS].map((number) =>
    row(`amount ${number.slice(0, 30)}`, [400, "invalid_number"], written("amount", number)),
  ),
  ...["nonce", "gasLimit", "gasPrice", "expiry"].flatMap((field) =>
    [...NUMBERS, "-1"].map((number) => row(`${field} ${number}`, [400, "invalid_number"], written(field, number))),
  ),
];

const fields: readonly RefusalRow[] = [
  row("an unknown field", [400, "unknown_field"], changed({ memo: "hello" })),
  row("a field of another type of transaction", [400, "unknown_field"], changed({ code: "0x00" })),
  row("an unknown field of the prototype", [400, "unknown_field"], '{"__proto__":{"amount":1}}'),
  row("a wrong type: a list for the transaction", [400, "invalid_type"], [1]),
  row("a wrong type: null for the transaction", [400, "invalid_type"], null),
  row("a wrong type: text for the amount", [400, "invalid_type"], changed({ amount: "5" })),
  row("a wrong type: null for the nonce", [400, "invalid_type"], changed({ nonce: null })),
  row("a wrong type: true for the gas limit", [400, "invalid_type"], changed({ gasLimit: true })),
  row("a wrong type: a number for an address", [400, "invalid_type"], changed({ to: 5 })),
  row("a wrong type: a number for the signature", [400, "invalid_type"], changed({ signature: 5 })),
  row("a wrong type: a list for the hash", [400, "invalid_type"], changed({ hash: [] })),
  row("a type of transaction that is none", [400, "invalid_field"], changed({ type: "mint" })),
  row("code that is no hex", [400, "invalid_field"], { type: "deploy", amount: 0, code: "0x0", args: {} }),
  row("no amount", [400, "missing_field"], changed({ amount: undefined })),
  row("no nonce beside a signature", [400, "missing_field"], changed({ nonce: undefined })),
  row("a hash, but no signature", [400, "missing_field"], changed({ signature: undefined, hash: OTHER_CHAIN })),
  row("not an address: a name", [400, "invalid_address"], changed({ to: "dave.eth" })),
  row("not an address: a digit too few", [400, "invalid_address"], changed({ to: dave.address.slice(0, -1) })),
  row("not an address: a digit too many", [400, "invalid_address"], changed({ to: `${dave.address}0` })),
  row("not an address: no 0x", [400, "invalid_address"], changed({ from: alice.address.slice(2) })),
  row("not an address: a letter past f", [400, "invalid_address"], changed({ to: `0x${"g".repeat(40)}` })),
  row("a bad checksum of the receiver", [400, "invalid_checksum"], changed({ to: withWrongChecksum(dave.address) })),
  row("a bad checksum of the sender", [400, "invalid_checksum"], changed({ from: withWrongChecksum(alice.address) })),
  row("a hash that is none", [400, "invalid_hash"], changed({ hash: "0x12" })),
];

const signatures: readonly RefusalRow[] = [
  row("a signature by another key", [400, "invalid_signature"], changed({ from: bob.address })),
  row("a signature over another amount", [400, "invalid_signature"], changed({ amount: 6 })),
  row("a signature of another transaction", [400, "invalid_signature"], (node) => ({
    ...next({})(node),
    signature: node.signed(alice, { nonce: 2 }).signature,
  })),
  row("a signature of zeros", [400, "invalid_signature"], changed({ signature: `0x${"00".repeat(65)}` })),
  row("a signature a byte short", [400, "invalid_signature"], changed({ signature: `0x${"11".repeat(64)}` })),
  row("a signature with v 2", [400, "invalid_signature"], (node) => ({
    ...next({})(node),
    signature: next({})(node).signature.replace(/..$/, "02"),
  })),
  row("a high S", [400, "invalid_signature"], (node) => ({
    ...next({})(node),
    signature: withHighS(next({})(node).signature),
  })),
  row("another chain's signature", [400, "invalid_signature"], (node) => ({
    ...next({ genesisHash: OTHER_CHAIN })(node),
    hash: undefined,
  })),
  row("another chain's hash and signature", [400, "hash_mismatch"], next({ genesisHash: OTHER_CHAIN })),
  row("another chain's signature beside this chain's hash", [400, "invalid_signature"], (node) => ({
    ...next({})(node),
    signature: next({ genesisHash: OTHER_CHAIN })(node).signature,
  })),
  row("the hash of what waits, and a garbage signature", [400, "invalid_signature"], (node) => ({
    ...node.signed(bob, { nonce: 1, ...WAITING }),
    signature: next({})(node).signature,
  })),
];

const rules: readonly RefusalRow[] = [
  row("a nonce that could not rise", [400, "invalid_transaction"], next({ nonce: UINT_MAX })),
  row("a stake of nothing", [400, "invalid_transaction"], (node) =>
    node.signedAs(alice, { ...stakeOf(node), amount: 0 as Amount }),
  ),
  row("a type that is not yet executed", [501, "not_yet_enabled"], (node) => node.signedAs(alice, stakeOf(node))),
  ...(
    [
      ["code that is no module", "malformed_module", Uint8Array.of(0)],
      ["a module whose function gives nothing", "invalid_module", assemble("(module (func (result i32)))")],
      ["a module with floating point", "module_feature", assemble("(module (func (param f64)))")],
      ["a module that imports what there is not", "module_import", assemble('(module (import "env" "no" (func)))')],
      ["a module with too much memory", "module_limit", assemble("(module (memory 257))")],
    ] as const
  ).map(([name, code, module]) => row(name, [400, code], (node) => node.signedAs(alice, deployOf(node, module)))),
  row("a nonce too low", [409, "nonce_too_low"], next({ nonce: 0, amount: 6 })),
  row("a transaction that is included", [409, "nonce_too_low"], next({ nonce: 0 })),
  row("a nonce too far ahead", [409, "nonce_too_far"], next({ nonce: 1 + NONCE_GAP_MAX + 1 })),
  row("a nonce at the end of the numbers", [409, "nonce_too_far"], next({ nonce: UINT_MAX - 1 })),
  row("a transaction that waits", [409, "already_known"], (node) => node.signed(bob, { nonce: 1, ...WAITING })),
  row("a replacement at the same price", [409, "replacement_underpriced"], (node) =>
    node.signed(bob, { nonce: 1, gasPrice: WAITING.gasPrice }),
  ),
  row("a balance below the amount", [409, "insufficient_balance"], next({ amount: TEST_BALANCE })),
  row("a balance below the fee", [409, "insufficient_balance"], next({ amount: 0, gasPrice: 20_000_000_000 })),
  row("a cost past 2^53-1", [409, "insufficient_balance"], next({ amount: UINT_MAX, gasPrice: UINT_MAX })),
  row("a balance that what waits takes", [409, "insufficient_balance"], (node) =>
    node.signed(bob, { amount: TEST_BALANCE - WAITING.amount + 1 }),
  ),
  row("an expiry at the head", [409, "expired"], next({ expiry: 1 })),
  row("a gas limit too low", [400, "gas_limit_too_low"], next({ gasLimit: TRANSACTION_GAS - 1 })),
  row("a gas limit above the block's", [400, "gas_limit_too_high"], (node) =>
    next({ gasLimit: node.info.parameters.blockGasLimit + 1 })(node),
  ),
  row("an unknown sender at price 0", [409, "unknown_sender"], (node) => node.signed(stranger)),
  row("an unknown sender of nothing", [409, "unknown_sender"], (node) => node.signed(stranger, { amount: 0 })),
  row(
    "a gas price too low",
    [400, "gas_price_too_low"],
    (node) => node.signed(dave, { gasPrice: NARROW_GAS_PRICE - 1 }),
    "narrow",
  ),
  row("a full mempool", [503, "mempool_full"], (node) => node.signed(dave), "narrow"),
  row("a sender that has its share", [503, "mempool_full"], (node) =>
    node.signed(carol, { nonce: OPEN_PER_ACCOUNT_MAX + 1 }),
  ),
  row("no signature, the wallet being off", [403, "wallet_disabled"], { to: dave.address, amount: 5 }),
  row(
    "no signature of a stranger to the wallet",
    [400, "wallet_unknown_account"],
    { from: bob.address, to: dave.address, amount: 5 },
    "narrow",
  ),
];

function deployOf({ info }: RefusalNode, code: Bytes) {
  const { to: _to, ...base } = transfer({ from: alice.address, to: dave.address, amount: 5, nonce: 1 });
  return { ...base, type: "deploy" as const, code, args: "", gasLimit: info.parameters.blockGasLimit };
}

function stakeOf({ info }: RefusalNode) {
  const { to: _to, ...base } = transfer({ from: alice.address, to: dave.address, amount: 5000, nonce: 1 });
  return { ...base, type: "stake" as const, gasLimit: info.parameters.blockGasLimit };
}

export const transactionRows: readonly RefusalRow[] = [...text, ...numbers, ...fields, ...signatures, ...rules];
