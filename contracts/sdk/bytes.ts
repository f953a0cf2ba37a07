// Bytes, text and hexadecimal digits. Loops here read and write memory directly, since each call of every contract pays
// for them.

/** The UTF-16 code unit at an index that is within the text. */
export function unitAt(text: string, index: i32): i32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

/** The UTF-8 of a text. */
export function utf8Encode(text: string): Uint8Array {
  const length = text.length;
  const bytes = new Uint8Array(length);
  const start = bytes.dataStart;
  for (let index = 0; index < length; index++) {
    const unit = unitAt(text, index);
    if (unit > 0x7f) return Uint8Array.wrap(String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE));
    store<u8>(start + index, unit);
  }
  return bytes;
}

/** The text of bytes that are UTF-8; check with `isUtf8` what a stranger has sent. */
export function utf8Decode(bytes: Uint8Array): string {
  return utf8DecodeRange(bytes, 0, bytes.length);
}

/** The text of a part of bytes. */
export function utf8DecodeRange(bytes: Uint8Array, from: i32, to: i32): string {
  assert(from >= 0 && from <= to && to <= bytes.length);
  const start = bytes.dataStart + from;
  const length = to - from;
  const text = changetype<string>(__new((<usize>length) << 1, idof<string>()));
  for (let index = 0; index < length; index++) {
    const byte = load<u8>(start + index);
    if (byte > 0x7f) return String.UTF8.decodeUnsafe(start, length);
    store<u16>(changetype<usize>(text) + ((<usize>index) << 1), byte);
  }
  return text;
}

/** The bits of eight bytes that are set in none of them when all are ASCII. */
const NOT_ASCII: u64 = 0x8080808080808080;

/** How many bytes follow the first byte of a character of several; -1 when none can begin so. */
function tailOf(first: u32): i32 {
  if (first < 0xc2) return -1;
  if (first < 0xe0) return 1;
  if (first < 0xf0) return 2;
  return first < 0xf5 ? 3 : -1;
}

/** Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function isUtf8(bytes: Uint8Array): bool {
  const start = bytes.dataStart;
  const end = bytes.length;
  let index = 0;
  while (index < end) {
    if (index + 8 <= end && (load<u64>(start + index) & NOT_ASCII) === 0) {
      index += 8;
      continue;
    }
    const first: u32 = load<u8>(start + index);
    index += 1;
    if (first < 0x80) continue;
    const tail = tailOf(first);
    if (tail < 0 || index + tail > end) return false;
    const second: u32 = load<u8>(start + index);
    if (first === 0xe0 && second < 0xa0) return false;
    if (first === 0xed && second > 0x9f) return false;
    if (first === 0xf0 && second < 0x90) return false;
    if (first === 0xf4 && second > 0x8f) return false;
    for (const next = index + tail; index < next; index++) {
      if ((load<u8>(start + index) & 0xc0) !== 0x80) return false;
    }
  }
  return true;
}

export function bytesEqual(left: Uint8Array, right: Uint8Array): bool {
  return left.length === right.length && memory.compare(left.dataStart, right.dataStart, left.length) === 0;
}

/** The value of a hexadecimal digit; -1 for anything else. */
export function hexDigit(code: i32): i32 {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

function digitOf(nibble: u32): u32 {
  return nibble + (nibble < 10 ? 0x30 : 0x57);
}

/** `0x` and two lower-case digits for each byte. */
export function toHex(bytes: Uint8Array): string {
  const length = bytes.length;
  const text = changetype<string>(__new((2 + 2 * length) << 1, idof<string>()));
  let out = changetype<usize>(text);
  store<u32>(out, 0x00780030);
  for (let index = 0; index < length; index++) {
    const byte: u32 = unchecked(bytes[index]);
    out += 4;
    store<u32>(out, digitOf(byte >> 4) | (digitOf(byte & 15) << 16));
  }
  return text;
}

/** The bytes of `0x` and an even count of digits of either case; null for anything else. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length < 2 || text.length % 2 !== 0 || unitAt(text, 0) !== 0x30 || unitAt(text, 1) !== 0x78) return null;
  const length = text.length / 2 - 1;
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const high = hexDigit(unitAt(text, 2 + 2 * index));
    const low = hexDigit(unitAt(text, 3 + 2 * index));
    if ((high | low) < 0) return null;
    store<u8>(bytes.dataStart + index, (high << 4) | low);
  }
  return bytes;
}
