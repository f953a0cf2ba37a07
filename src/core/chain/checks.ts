// The checks of a block that need no state: sanity, which knows the block alone, and context, which knows the headers
// before it (docs/spec/blocks.md, Import).

import type { TimestampMs } from "../primitives/index.ts";
import { type Block, blockSizeBytes, type Header, hashList } from "../protocol/index.ts";
import type { BlockTree } from "./blockTree.ts";
import type { ImportRefusal } from "./codes.ts";
import type { ChainHeader, HeaderOverlay } from "./headers.ts";

/** The seal and its work, and that the body is the header's and no larger than a block may be. */
export function checkSanity({ engine, genesis }: BlockTree, block: Block): ImportRefusal | undefined {
  const { header, body } = block;
  const refusal = engine.checkSanity(header) ?? engine.checkBody(body);
  if (refusal !== undefined) return refusal;
  const isOwnBody =
    header.transactionCount === body.transactions.length &&
    header.transactionsRoot === hashList(body.transactions) &&
    header.votesRoot === hashList(body.votes) &&
    header.evidenceRoot === hashList(body.evidence);
  if (!isOwnBody) return { code: "body_mismatch", message: "the body is not the one that the header commits to" };
  const sizeBytes = blockSizeBytes(block);
  const { blockSizeBytesMax } = genesis.parameters;
  if (sizeBytes > blockSizeBytesMax) {
    return { code: "block_too_large", message: `the block has ${sizeBytes} bytes; at most ${blockSizeBytesMax}` };
  }
  return undefined;
}

/** What a child of `parent` has to keep to. */
export function checkContext(
  { engine, headers }: BlockTree,
  options: { header: Header; parent: ChainHeader; overlay?: HeaderOverlay; nowMs: TimestampMs },
): ImportRefusal | undefined {
  const { header, parent, overlay, nowMs } = options;
  if (header.height !== parent.header.height + 1) {
    return { code: "invalid_height", message: `height is ${header.height}, the parent's is ${parent.header.height}` };
  }
  return engine.checkContext({ header, ancestry: headers.ancestry(parent, overlay), nowMs });
}
