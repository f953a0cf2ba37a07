// PeerInfo: the handshake (hello, proof), a new head with further endpoints (status), and why this node leaves (refusal).

import { ENDPOINTS_PER_MESSAGE_MAX } from "../limits.ts";
import { createKindCodec } from "./codec.ts";
import { address, endpoint, hash, list, nullable, peerHead, prose, signature, text, uint } from "./fields.ts";
import type { PeerInfo } from "./message.ts";

/** Engines have short names. */
export const CONSENSUS_NAME_LENGTH_MAX = 32;
/** Codes are names of a few words. */
export const REFUSAL_CODE_LENGTH_MAX = 64;
/** A sentence or two. */
export const REFUSAL_MESSAGE_LENGTH_MAX = 256;

export const peerInfoCodec = createKindCodec<PeerInfo>("PeerInfo", {
  hello: {
    protocolVersion: uint,
    genesisHash: hash,
    consensus: text({ lengthMin: 1, lengthMax: CONSENSUS_NAME_LENGTH_MAX }),
    nodeKey: address,
    challenge: hash,
    listenEndpoint: nullable(endpoint),
    head: peerHead,
  },
  proof: { signature },
  status: {
    head: peerHead,
    endpoints: list(endpoint, { countMin: 0, countMax: ENDPOINTS_PER_MESSAGE_MAX }),
  },
  refusal: {
    code: text({ lengthMin: 1, lengthMax: REFUSAL_CODE_LENGTH_MAX }),
    message: prose({ lengthMax: REFUSAL_MESSAGE_LENGTH_MAX }),
  },
});
