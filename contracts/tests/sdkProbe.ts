// A contract that shows the SDK to its tests (test/contracts/sdk.test.ts): each function answers with what the SDK made of
// its input.

import {
  Address,
  add,
  balanceOf,
  blockHeight,
  blockTimestamp,
  bytesEqual,
  CALL_SUCCESS,
  callContract,
  caller,
  chainId,
  codeHashOf,
  deployContract,
  Event,
  gasLeft,
  Item,
  inputBytes,
  isUtf8,
  JSON_ARRAY,
  JSON_BOOLEAN,
  JSON_INTEGER,
  JSON_OBJECT,
  JsonArray,
  JsonObject,
  JsonValue,
  keccak256,
  log,
  Mapping,
  multiply,
  origin,
  PairMapping,
  parseJson,
  quote,
  readArgs,
  recoverSigner,
  reply,
  replyBool,
  replyInteger,
  replyText,
  selfAddress,
  sha256,
  subtract,
  toHex,
  transfer,
  tryTransfer,
  utf8Encode,
} from "../sdk";

function write(value: JsonValue): string {
  if (value.kind === JSON_INTEGER || value.kind === JSON_BOOLEAN) return value.text;
  if (value.kind !== JSON_ARRAY && value.kind !== JSON_OBJECT) return quote(value.text);
  let parts = "";
  for (let index = 0; index < value.items.length; index++) {
    if (index > 0) parts += ",";
    if (value.kind === JSON_OBJECT) parts += quote(value.keys[index]) + ":";
    parts += write(value.items[index]);
  }
  return value.kind === JSON_OBJECT ? "{" + parts + "}" : "[" + parts + "]";
}

/** What was read of the args, written again. */
export function echo(): void {
  reply(write(parseJson(inputBytes(), "args")));
}

/** One argument of each kind. */
export function kinds(): void {
  const args = readArgs(["u64", "i64", "bool", "text", "address", "bytes", "array"]);
  const result = new JsonObject();
  if (args.has("u64")) result.integer("u64", args.u64("u64"));
  if (args.has("i64")) result.text("i64", toHex(utf8Encode(args.i64("i64") < 0 ? "-" : "+")));
  if (args.has("bool")) result.bool("bool", args.bool("bool"));
  if (args.has("text")) result.text("text", args.text("text"));
  if (args.has("address")) result.address("address", args.address("address"));
  if (args.has("bytes")) result.bytes("bytes", args.bytes("bytes"));
  if (args.has("array")) {
    const items = args.array("array");
    const copy = new JsonArray();
    for (let index = 0; index < items.length; index++) copy.integer(items[index].asU64());
    result.array("array", copy);
  }
  reply(result.toString());
}

/** Args: `value`. As the bits of an i64. */
export function bits(): void {
  replyInteger(<u64>readArgs(["value"]).i64("value"));
}

const text = new Item<string>("text");
const flag = new Item<bool>("flag");
const small = new Item<u8>("small");
const signed = new Item<i32>("signed");
const owner = new Item<Address>("owner");
const bytes = new Item<Uint8Array>("bytes");
const byText = new Mapping<string, string>("byText");
const byNumber = new Mapping<u32, u64>("byNumber");
const pairs = new PairMapping<Address, string, u64>("pairs");

/** Fills the storage. Args: `size`, of the long text. */
export function fill(): void {
  const size = <i32>readArgs(["size"]).u64("size");
  text.set("ä".repeat(size));
  flag.set(true);
  small.set(200);
  signed.set(-5);
  owner.set(caller());
  bytes.set(utf8Encode("bytes"));
  byText.set("", "empty key");
  byText.set("a", "A");
  byNumber.set(7, u64.MAX_VALUE);
  pairs.set(caller(), "a", 1);
  pairs.set(caller(), "b", 2);
}

export function empty(): void {
  text.set("");
  flag.set(false);
  small.set(0);
  signed.set(0);
  owner.set(Address.zero());
  bytes.set(new Uint8Array(0));
  byText.set("", "");
  byText.set("a", "");
  byNumber.set(7, 0);
  pairs.set(caller(), "a", 0);
  pairs.set(caller(), "b", 0);
}

export function kept(): void {
  const result = new JsonObject()
    .integer("length", text.get().length)
    .bool("flag", flag.get())
    .integer("small", small.get())
    .bool("isMinusFive", signed.get() === -5)
    .address("owner", owner.get())
    .bytes("bytes", bytes.get())
    .array("byText", new JsonArray().text(byText.get("")).text(byText.get("a")).text(byText.get("b")))
    .array("byNumber", new JsonArray().integer(byNumber.get(7)).integer(byNumber.get(8)))
    .array("pairs", new JsonArray().integer(pairs.get(caller(), "a")).integer(pairs.get(caller(), "b")));
  reply(result.toString());
}

export function context(): void {
  const result = new JsonObject()
    .address("caller", caller())
    .address("origin", origin())
    .address("self", selfAddress())
    .integer("height", blockHeight())
    .integer("timestamp", blockTimestamp())
    .bytes("chainId", chainId())
    .bool("hasGas", gasLeft() > 0)
    .integer("balance", balanceOf(selfAddress()));
  reply(result.toString());
}

/** Args: `name`, `topics` (how many beside the name). */
export function announce(): void {
  const args = readArgs(["name", "topics"]);
  const event = new Event(args.text("name"));
  for (let left = args.u64("topics"); left > 0; left--) event.integer(left);
  event.emit("data");
  log("Übergröße");
}

/** Args: `left`, `right`, `operation`. */
export function calculate(): void {
  const args = readArgs(["left", "right", "operation"]);
  const operation = args.text("operation");
  const left = args.u64("left");
  const right = args.u64("right");
  if (operation === "add") replyInteger(add(left, right));
  else if (operation === "subtract") replyInteger(subtract(left, right));
  else replyInteger(multiply(left, right));
}

/** Args: `left`, `right`. */
export function same(): void {
  const args = readArgs(["left", "right"]);
  const left = args.address("left");
  const right = args.address("right");
  assert((left === right) === bytesEqual(left.bytes, right.bytes));
  assert((left !== right) === !left.equals(right));
  replyBool(left === right);
}

/** Args: `data`. */
export function hashes(): void {
  const data = readArgs(["data"]).bytes("data");
  reply(new JsonObject().bytes("sha256", sha256(data)).bytes("keccak256", keccak256(data)).toString());
}

/** Args: `digest`, `signature`. */
export function signer(): void {
  const args = readArgs(["digest", "signature"]);
  const found = recoverSigner(args.bytes("digest"), args.bytes("signature"));
  replyText(found ? found.toString() : "nobody");
}

/** Args: `to`, `amount`, `firm`: whether to revert when the balance is too small. */
export function pay(): void {
  const args = readArgs(["to", "amount", "firm"]);
  const to = args.address("to");
  const amount = args.u64("amount");
  if (args.bool("firm")) {
    transfer(to, amount);
    replyBool(true);
  } else {
    replyBool(tryTransfer(to, amount));
  }
}

/** Args: `to`, `function`, `args` (text), `gas`. Passes on what is attached. */
export function relay(): void {
  const args = readArgs(["to", "function", "args", "amount", "gas"]);
  const result = callContract(
    args.address("to"),
    args.text("function"),
    args.text("args"),
    args.has("amount") ? args.u64("amount") : 0,
    args.has("gas") ? args.u64("gas") : u64.MAX_VALUE,
  );
  assert(result.isSuccess === (result.code === CALL_SUCCESS));
  reply(new JsonObject().integer("code", result.code).text("data", result.text).toString());
}

/** Args: `of`: a contract whose code the new one gets. */
export function multiplyContract(): void {
  const hash = codeHashOf(readArgs(["of"]).address("of"));
  if (hash === null) {
    replyText("no contract");
  } else {
    const made = deployContract(hash);
    reply(new JsonObject().integer("code", made.result.code).address("address", made.address).toString());
  }
}

/** Args: `bytes`. */
export function isText(): void {
  replyBool(isUtf8(readArgs(["bytes"]).bytes("bytes")));
}

/** Args: `bytes`: JSON that need not even be text. */
export function parse(): void {
  reply(write(parseJson(readArgs(["bytes"]).bytes("bytes"), "bytes")));
}
