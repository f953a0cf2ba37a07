// UTF-8 (RFC 3629) without the platform's decoder, whose treatment of a byte order mark and of malformed input differs
// by option and by engine. Here malformed input is refused, and nothing is stripped or replaced.

import type { Bytes } from "./bytes.ts";

/** How many bytes `text` has in UTF-8; undefined when it holds a lone surrogate. */
export function utf8SizeBytes(text: string): number | undefined {
  let size = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      size++;
    } else {
      // A pair has two units and four bytes, everything else one and three.
      size += 2;
      if (unit >= 0xd800 && unit <= 0xdfff) {
        const point = text.codePointAt(index) as number;
        if (point < 0x10000) return undefined;
        index++;
      }
    }
  }
  return size;
}

/** Encodes `text`; undefined when it holds a lone surrogate, which has no UTF-8 form. */
export function utf8ToBytes(text: string): Bytes | undefined {
  const size = utf8SizeBytes(text);
  if (size === undefined) return undefined;
  const bytes = new Uint8Array(size);
  if (size === text.length) {
    for (let index = 0; index < size; index++) bytes[index] = text.charCodeAt(index);
    return bytes;
  }
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) as number;
    if (point < 0x80) {
      bytes[length++] = point;
    } else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      bytes[length++] = 0xe0 | (point >> 12);
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[length++] = 0x80 | (point & 0x3f);
    } else {
      index++;
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[length++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes;
}

// The number of continuation bytes and the smallest code point of each lead byte's length (RFC 3629, section 3).
const LEAST_POINT: readonly number[] = [0, 0x80, 0x800, 0x10000];

/** Arguments that a call may have without harm to the native stack. */
const CODES_AT_ONCE_MAX = 4096;

/** The text of bytes that are all ASCII; undefined when some are not, or when there are too many to be told at once. */
function asciiText(bytes: Bytes): string | undefined {
  if (bytes.length > CODES_AT_ONCE_MAX) return undefined;
  for (let index = 0; index < bytes.length; index++) {
    if ((bytes[index] as number) >= 0x80) return undefined;
  }
  // Spreading takes six times as long.
  return Reflect.apply(String.fromCharCode, undefined, bytes);
}

/** Decodes `bytes`; undefined for an overlong form, a surrogate, a code point past U+10FFFF or a broken sequence. */
export function bytesToUtf8(bytes: Bytes): string | undefined {
  return asciiText(bytes) ?? decode(bytes);
}

function decode(bytes: Bytes): string | undefined {
  let text = "";
  let index = 0;
  while (index < bytes.length) {
    const lead = bytes[index++] as number;
    const extra = lead < 0x80 ? 0 : lead >> 5 === 6 ? 1 : lead >> 4 === 14 ? 2 : lead >> 3 === 30 ? 3 : -1;
    if (extra < 0 || index + extra > bytes.length) return undefined;
    let point = extra === 0 ? lead : lead & (0x3f >> extra);
    for (let count = 0; count < extra; count++) {
      const next = bytes[index++] as number;
      if (next >> 6 !== 2) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    if (point < (LEAST_POINT[extra] as number) || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      return undefined;
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
