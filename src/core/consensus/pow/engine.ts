// Proof of work (docs/spec/proof-of-work.md): the SHA-256 of the encoded header must not be above its target. Most work
// wins, then the lower hash.

import type { SealJob } from "../../ports/index.ts";
import { type Bytes, bytesToHash, defined, type Height, hexToBytes, type TimestampMs } from "../../primitives/index.ts";
import { type BlockBody, encodeHeader, type Genesis, type Header, hashHeader } from "../../protocol/index.ts";
import type { Ancestry, ChainTip, ConsensusEngine, ConsensusRefusal } from "../engine.ts";
import { nextTarget, type PowRules, TARGET_EASIEST, targetOfDifficulty, workOfTarget } from "./difficulty.ts";
import { bytesToTarget, decodePowSeal, encodePowSeal, loadPowSeal, targetToBytes } from "./seal.ts";

const TIMESTAMP_AHEAD_MS_MAX = 15_000;
const SAFE_DISTANCE = 6;

/** Local policy of a node under proof of work: it undoes no more blocks than this, unless it is told otherwise. */
export const REORG_DEPTH_MAX_DEFAULT = 1000;

export class PowEngine implements ConsensusEngine {
  readonly name = "pow";
  readonly genesisSeal: Bytes;
  private readonly rules: PowRules;
  private readonly reorgDepthMax: number;

  constructor(options: { genesis: Genesis; reorgDepthMax: number }) {
    const { consensus, parameters } = options.genesis;
    const initialTarget = targetOfDifficulty(consensus.difficulty);
    this.rules = { initialTarget, retarget: consensus.retarget, blockTimeMs: parameters.blockTimeMs };
    this.genesisSeal = encodePowSeal({ target: initialTarget, nonce: 0 });
    this.reorgDepthMax = options.reorgDepthMax;
  }

  checkSanity(header: Header): ConsensusRefusal | undefined {
    const seal = decodePowSeal(header.seal);
    if (seal === undefined || seal.target < 1n || seal.target > TARGET_EASIEST) {
      return { code: "invalid_seal", message: "the seal is no target from 1 to 2^252-1 with a nonce" };
    }
    if (bytesToTarget(hexToBytes(hashHeader(header))) > seal.target) {
      return { code: "insufficient_work", message: "the header's hash is above its target" };
    }
    return undefined;
  }

  checkBody(body: BlockBody): ConsensusRefusal | undefined {
    if (body.votes.length === 0 && body.evidence.length === 0 && body.proposerSignature.length === 0) return undefined;
    return { code: "unexpected_votes", message: "under proof of work a block has no votes, evidence or signature" };
  }

  checkContext(options: { header: Header; ancestry: Ancestry; nowMs: TimestampMs }): ConsensusRefusal | undefined {
    const { header, ancestry, nowMs } = options;
    const parent = defined(ancestry.header(0), "a block in context has a parent");
    if (header.timestampMs < this.timestampMin(parent)) {
      return {
        code: "invalid_timestamp",
        message: "the timestamp is not above the parent's",
        details: { timestampMs: header.timestampMs, parentTimestampMs: parent.timestampMs },
      };
    }
    const target = nextTarget({ timestampMs: header.timestampMs, ancestry, rules: this.rules });
    if (loadPowSeal(header.seal).target !== target) {
      return { code: "invalid_seal", message: "the target is not the one that the blocks before ask for" };
    }
    if (header.timestampMs > nowMs + TIMESTAMP_AHEAD_MS_MAX) {
      return {
        code: "timestamp_ahead",
        message: `the timestamp is more than ${TIMESTAMP_AHEAD_MS_MAX} ms ahead of this node's clock`,
        details: { timestampMs: header.timestampMs, nowMs },
      };
    }
    return undefined;
  }

  timestampMin(parent: Header): TimestampMs {
    return (parent.timestampMs + 1) as TimestampMs;
  }

  prepareSeal(options: { timestampMs: TimestampMs; ancestry: Ancestry }): Bytes {
    return encodePowSeal({ target: nextTarget({ ...options, rules: this.rules }), nonce: 0 });
  }

  sealJob(options: { jobId: number; header: Header }): SealJob {
    const { jobId, header } = options;
    return { jobId, header: encodeHeader(header), target: targetToBytes(loadPowSeal(header.seal).target) };
  }

  applySeal(header: Header, nonce: number): Header {
    return { ...header, seal: encodePowSeal({ target: loadPowSeal(header.seal).target, nonce }) };
  }

  describeSeal(header: Header): Readonly<Record<string, string>> {
    const { target, nonce } = loadPowSeal(header.seal);
    return { target: bytesToHash(targetToBytes(target)), nonce: nonce.toString() };
  }

  workOf(header: Header): bigint {
    return workOfTarget(loadPowSeal(header.seal).target);
  }

  isBetter(options: { candidate: ChainTip; current: ChainTip }): boolean {
    const { candidate, current } = options;
    if (candidate.totalWork !== current.totalWork) return candidate.totalWork > current.totalWork;
    return candidate.hash < current.hash;
  }

  safeHeight(head: Height): Height {
    return Math.max(head - SAFE_DISTANCE, 0) as Height;
  }

  finalizedHeight(head: Height): Height {
    return Math.max(head - this.reorgDepthMax, 0) as Height;
  }
}
