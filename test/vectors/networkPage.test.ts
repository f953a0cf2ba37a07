// The examples and bounds of docs/spec/network.md are those of the code: each example is a golden line with hex left out.

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import * as limits from "../../src/core/network/limits.ts";
import {
  CONSENSUS_NAME_LENGTH_MAX,
  REFUSAL_CODE_LENGTH_MAX,
  REFUSAL_MESSAGE_LENGTH_MAX,
} from "../../src/core/network/wire/peerInfo.ts";
import {
  HEADER_SIZE_BYTES_MAX,
  TRANSACTION_SIZE_BYTES_MAX,
  VOTE_SIZE_BYTES_MAX,
} from "../../src/core/protocol/index.ts";
import { LINE_COMMAS_MAX, LINE_DEPTH_MAX, LINE_KEYS_PER_OBJECT_MAX } from "../../src/io/tcp/jsonLine.ts";
import vectors from "./wireMessages.json";

const page = readFileSync(new URL("../../docs/spec/network.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```json\n([^`]*)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));

function isExampleOf(example: string, line: string): boolean {
  const parts = example.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[0-9a-f]+")}$`).test(line);
}

test("every golden line is an example of the page, and every example a golden line", () => {
  const lines = vectors.messages.map(({ line }) => line);
  expect(lines.length).toBeGreaterThanOrEqual(10);
  expect(lines.filter((line) => !examples.some((example) => isExampleOf(example, line)))).toEqual([]);
  expect(examples.filter((example) => !lines.some((line) => isExampleOf(example, line)))).toEqual([]);
});

test("the bounds are those of the code", () => {
  const bounds: Readonly<Record<string, number | string>> = {
    "bytes of a line": `2 B + ${limits.lineSizeBytesMax(0).toLocaleString("en")}`,
    "bytes of an encoded block": `B + ${limits.encodedBlockSizeBytesMax(0)}`,
    "bytes of an encoded header": HEADER_SIZE_BYTES_MAX,
    "bytes of an encoded transaction": TRANSACTION_SIZE_BYTES_MAX,
    "bytes of a vote": VOTE_SIZE_BYTES_MAX,
    "bytes of all headers, blocks or transactions of one message": `B + ${limits.payloadSizeBytesMax(0).toLocaleString("en")}`,
    "headers of one message": limits.HEADERS_PER_RESPONSE_MAX,
    "blocks of one message, or asked for by one": limits.BLOCKS_PER_REQUEST_MAX,
    "hashes of a locator": limits.LOCATOR_HASHES_MAX,
    "transactions of one message": limits.TRANSACTIONS_PER_MESSAGE_MAX,
    "endpoints of one message": limits.ENDPOINTS_PER_MESSAGE_MAX,
    "characters of an endpoint": limits.ENDPOINT_LENGTH_MAX,
    "characters of an engine's name": CONSENSUS_NAME_LENGTH_MAX,
    "characters of a refusal's code": REFUSAL_CODE_LENGTH_MAX,
    "characters of a refusal's message": REFUSAL_MESSAGE_LENGTH_MAX,
  };
  const rows = Object.entries(bounds).map(([what, bound]) => `| ${what} | ${bound.toLocaleString("en")} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  expect(page).toContain(`more than ${LINE_KEYS_PER_OBJECT_MAX} keys`);
  expect(page).toContain(
    `nest at most ${LINE_DEPTH_MAX} deep, and at most ${LINE_COMMAS_MAX.toLocaleString("en")} commas`,
  );
});
