// One attempt to catch up with a chain: whom it is learned from, what was announced, and how far that is shown.

import type { Hash, Height } from "../../primitives/index.ts";
import type { PeerHead } from "../wire/message.ts";

export interface Session {
  /** The peer that is asked for headers. */
  leaderId: number;
  /** The peer that gave the last pending header. */
  originId: number;
  /** What the leader announced; its headers have to show as much work. */
  claim: PeerHead;
  isProven: boolean;
  /** Where the announced work was shown; the announced height is a word that nothing vouches for. */
  provenHeight: number;
  /** Set by the first new header: the last canonical block before it. */
  forkHeight: Height | undefined;
  isDeep: boolean;
  /** Further headers are ahead of this node's clock. */
  isEarly: boolean;
  /** The last header of an answer that held none that is new. */
  cursor: Hash | undefined;
  /** The highest that it has been at, at the present leader. */
  cursorHeight: number;
  /** Answers in a row that hardly lead on. */
  shortAnswers: number;
}

export function openSession({ connectionId, head }: { connectionId: number; head: PeerHead }): Session {
  return {
    leaderId: connectionId,
    originId: connectionId,
    claim: head,
    isProven: false,
    provenHeight: 0,
    forkHeight: undefined,
    isDeep: false,
    isEarly: false,
    cursor: undefined,
    cursorHeight: -1,
    shortAnswers: 0,
  };
}
