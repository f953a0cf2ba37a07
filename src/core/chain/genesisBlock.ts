// Block 0: the state that the genesis names, sealed by nobody.

import type { ConsensusEngine } from "../consensus/index.ts";
import { pageChanges, StateTree } from "../merkle/index.ts";
import type { BlockCommit } from "../ports/index.ts";
import { type Amount, type Gas, type Hash, type Height, ZERO_ADDRESS, ZERO_HASH } from "../primitives/index.ts";
import {
  EMPTY_BODY,
  encodeBody,
  encodeHeader,
  encodeReceipts,
  type Genesis,
  type Header,
  hashGenesis,
  hashHeader,
} from "../protocol/index.ts";
import { EMPTY_ACCOUNT, leafChanges, State } from "../state/index.ts";

export interface GenesisBlock {
  /** The hash that names the chain. */
  readonly hash: Hash;
  readonly commit: BlockCommit;
}

export function createGenesisBlock(options: { genesis: Genesis; engine: ConsensusEngine }): GenesisBlock {
  const { genesis, engine } = options;
  const state = new State({ stateValue: () => undefined });
  let supply = 0;
  for (const { address, balance } of genesis.accounts) {
    state.setAccount(address, { ...EMPTY_ACCOUNT, balance });
    supply += balance;
  }
  state.setSupply(supply as Amount);
  const changes = state.changes();
  const update = new StateTree({ readPage: () => undefined, cachedPagesMax: 0 }).update(leafChanges(changes));
  const header: Header = {
    parentHash: hashGenesis(genesis),
    height: 0 as Height,
    timestampMs: genesis.timestampMs,
    stateRoot: update.root,
    transactionsRoot: ZERO_HASH,
    transactionCount: 0,
    receiptsRoot: ZERO_HASH,
    votesRoot: ZERO_HASH,
    evidenceRoot: ZERO_HASH,
    proposer: ZERO_ADDRESS,
    gasUsed: 0 as Gas,
    seal: engine.genesisSeal,
  };
  const hash = hashHeader(header);
  const block = {
    hash,
    height: header.height,
    parentHash: header.parentHash,
    totalWork: engine.workOf(header),
    header: encodeHeader(header),
    body: encodeBody(EMPTY_BODY),
    receipts: encodeReceipts([]),
    transactionHashes: [],
  };
  return {
    hash,
    commit: { block, state: changes, pages: pageChanges(update), undoHeightMin: header.height, eventSources: [] },
  };
}
