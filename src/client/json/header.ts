// Block headers as JSON, with every field, so that a client can hash a header itself.

import { bytesToHex, type Hash, hexToBytes } from "../../core/primitives/index.ts";
import { type Header, hashHeader } from "../../core/protocol/index.ts";
import type { HeaderJson } from "./views.ts";

export function headerToJson(options: { header: Header; hash: Hash }): HeaderJson {
  const { header, hash } = options;
  return {
    height: header.height,
    hash,
    parentHash: header.parentHash,
    timestampMs: header.timestampMs,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    transactionCount: header.transactionCount,
    receiptsRoot: header.receiptsRoot,
    votesRoot: header.votesRoot,
    evidenceRoot: header.evidenceRoot,
    proposer: header.proposer,
    gasUsed: header.gasUsed,
    seal: bytesToHex(header.seal),
  };
}

/** The hash of the header's fields; where it is not `json.hash`, one of them is false. */
export function hashHeaderJson(json: HeaderJson): Hash {
  return hashHeader({
    parentHash: json.parentHash,
    height: json.height,
    timestampMs: json.timestampMs,
    stateRoot: json.stateRoot,
    transactionsRoot: json.transactionsRoot,
    transactionCount: json.transactionCount,
    receiptsRoot: json.receiptsRoot,
    votesRoot: json.votesRoot,
    evidenceRoot: json.evidenceRoot,
    proposer: json.proposer,
    gasUsed: json.gasUsed,
    seal: hexToBytes(json.seal),
  });
}
