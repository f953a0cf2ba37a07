// Proofs of accounts and of contracts' values as they were some blocks ago. The stored tree is the head's: the one of an earlier height is derived
// from it in memory, by putting back what the blocks since then have changed.

import { loadHeader } from "../chain/index.ts";
import { pathOf, prove, StateTree } from "../merkle/index.ts";
import type { StoreReader } from "../ports/index.ts";
import {
  type Address,
  accept,
  assert,
  type Bytes,
  defined,
  type Hash,
  type Height,
  type Result,
  refuse,
} from "../primitives/index.ts";
import type { Header } from "../protocol/index.ts";
import { accountKey, leafChanges, loadAccount, storageKey } from "../state/index.ts";
import type { AccountProofView, StorageProofView } from "./queries.ts";

/** Proofs are served for this many heights, the head's among them. */
export const PROOF_HEIGHTS = 128;
/** So many changed values are put back at most: one to two seconds' work and 50 MB in a state of some 100,000 accounts. */
const CHANGED_KEYS_MAX = 50_000;
/** A tree with no more changed pages than this, of at most a kilobyte, is kept for the next proof of its height. */
const KEPT_PAGES_MAX = 4096;
/** Pages are read from the top down once, so few of them need to stay decoded. */
const CACHED_PAGES_MAX = 1024;

export type PastProofCode = "block_not_found" | "height_not_kept";

/** The state tree of one height: the pages that differ from the head's. */
interface PastTree {
  readonly headHash: Hash;
  readonly hash: Hash;
  readonly header: Header;
  readonly pages: ReadonlyMap<string, Bytes | undefined>;
}

export class PastProofs {
  private readonly store: StoreReader;
  private readonly changedKeysMax: number;
  private kept: PastTree | undefined;

  constructor(options: { store: StoreReader; changedKeysMax?: number }) {
    this.store = options.store;
    this.changedKeysMax = options.changedKeysMax ?? CHANGED_KEYS_MAX;
  }

  /** The account as it was after the canonical block at `height`, with a proof against that block's state root. */
  accountProof(options: { address: Address; height: Height }): Result<AccountProofView, PastProofCode> {
    const { address, height } = options;
    const proven = this.proof({ key: accountKey(address), height });
    if (!proven.ok) return proven;
    const { value, ...proof } = proven.value;
    return accept({ ...proof, account: loadAccount(value) });
  }

  /** What a contract kept under a key of its own after the canonical block at `height`. */
  storageProof(options: { address: Address; key: Bytes; height: Height }): Result<StorageProofView, PastProofCode> {
    const { address, key, height } = options;
    return this.proof({ key: storageKey(address, key), height });
  }

  /** @param options.key of the state */
  private proof(options: { key: Bytes; height: Height }): Result<StorageProofView, PastProofCode> {
    const { key, height } = options;
    return this.store.snapshot(() => {
      const tree = this.treeAt(height);
      if (!tree.ok) return tree;
      const { hash, header, pages } = tree.value;
      const readPage = (prefix: string) => (pages.has(prefix) ? pages.get(prefix) : this.store.treePage(prefix));
      return accept({
        blockHash: hash,
        blockHeight: height,
        stateRoot: header.stateRoot,
        value: this.store.stateValueAt(key, height),
        proof: prove({ readPage, path: pathOf(key) }),
      });
    });
  }

  private treeAt(height: Height): Result<PastTree, PastProofCode> {
    const head = defined(this.store.head(), "an opened chain has a head");
    if (height > head.height) {
      const details = { height: head.height };
      return refuse("block_not_found", `the chain's height is ${head.height}`, details);
    }
    if (head.height - height >= PROOF_HEIGHTS) {
      const heightMin = head.height - PROOF_HEIGHTS + 1;
      const message = `the state is proven for the last ${PROOF_HEIGHTS} heights, which begin at ${heightMin}`;
      return refuse("height_not_kept", message, { height, heightMin });
    }
    const hash = defined(this.store.hashAt(height), "there is a canonical block at each height up to the head's");
    if (this.kept?.headHash === head.hash && this.kept.hash === hash) return accept(this.kept);
    const keys = this.keysChangedSince(height, head.height);
    if (!keys.ok) return keys;
    const { header } = defined(loadHeader(this.store, hash), "a canonical block's header is stored");
    const values = keys.value.map((key) => ({ key, value: this.store.stateValueAt(key, height) }));
    const stored = new StateTree({
      readPage: (prefix) => this.store.treePage(prefix),
      cachedPagesMax: CACHED_PAGES_MAX,
    });
    const { root, pages } = stored.update(leafChanges(values));
    assert(root === header.stateRoot, "the undo records lead back to the state that the block commits to");
    const tree: PastTree = { headHash: head.hash, hash, header, pages };
    this.kept = pages.size <= KEPT_PAGES_MAX ? tree : undefined;
    return accept(tree);
  }

  private keysChangedSince(height: Height, headHeight: Height): Result<readonly Bytes[], PastProofCode> {
    const keys = new Map<string, Bytes>();
    for (let at = headHeight; at > height; at--) {
      const changed = this.store.changedKeysAt(at);
      if (changed === undefined) {
        const message = `this node keeps no record of what block ${at} changed, so it can't prove what was before`;
        return refuse("height_not_kept", message, { height, heightMin: at });
      }
      for (const key of changed) keys.set(key.toHex(), key);
      if (keys.size > this.changedKeysMax) {
        const message = `more than ${this.changedKeysMax} values have changed since height ${height}; ask for a later one`;
        return refuse("height_not_kept", message, { height, heightMin: at });
      }
    }
    return accept([...keys.values()]);
  }
}
