// The learned endpoints as a record that outlives the process: where they are, who told of them, whether they were ever
// reached. What failed is not kept: a node that was off tries everything anew.

import { type Bytes, decodeWith, Writer } from "../../primitives/index.ts";
import { ENDPOINT_LENGTH_MAX } from "../limits.ts";
import { BOOK_ENDPOINTS_MAX, type KnownEndpoint } from "./addressBook.ts";

const FORMAT_VERSION = 1;
/** A group or an IP address. */
const SOURCE_SIZE_BYTES_MAX = 64;

export function encodeKnownEndpoints(known: readonly KnownEndpoint[]): Bytes {
  const writer = new Writer().u8(FORMAT_VERSION).u32(known.length);
  for (const { endpoint, source, isTried } of known) writer.text(endpoint).text(source).bool(isTried);
  return writer.finish();
}

/** Undefined for a record that is damaged or of another version. */
export function decodeKnownEndpoints(record: Bytes): readonly KnownEndpoint[] | undefined {
  const decoded = decodeWith(record, (reader) => {
    reader.expect(reader.u8() === FORMAT_VERSION, "the format's version is unknown");
    return Array.from({ length: reader.count(BOOK_ENDPOINTS_MAX) }, (): KnownEndpoint => {
      const endpoint = reader.text({ countMax: ENDPOINT_LENGTH_MAX });
      const source = reader.text({ countMax: SOURCE_SIZE_BYTES_MAX });
      return { endpoint, source, isTried: reader.bool() };
    });
  });
  return decoded.ok ? decoded.value : undefined;
}
