// What each crypto backend does in a second on one core: recovery, hashes, and the whole check of a signed transfer.

import { nobleBackend, useCryptoBackend } from "../src/core/crypto/index.ts";
import type { CryptoBackend } from "../src/core/ports/index.ts";
import { hexToBytes, ZERO_HASH } from "../src/core/primitives/index.ts";
import { createSigningDomain, verifyTransaction } from "../src/core/protocol/index.ts";
import { type CryptoBackendKind, createCryptoBackend } from "../src/io/crypto/index.ts";
import { signedTransfer, testAccount } from "../test/support/chainFixture.ts";
import { type Figure, progress, publish, readable } from "./support/figures.ts";

const ROUNDS = 7;
const ROUND_MS = 150;

const domain = createSigningDomain(ZERO_HASH);
const to = testAccount(1).address;
const { transaction, signature } = signedTransfer({ sender: testAccount(0), to, amount: 1, nonce: 0, domain });
const signatureBytes = hexToBytes(signature);
const compact = signatureBytes.subarray(0, 64);
const parity = signatureBytes[64] as 0 | 1;
const digest = new Uint8Array(32).fill(7);
const input = new Uint8Array(64).fill(7);

/** The best of several short rounds, as calls in a second. */
function rate(call: () => unknown): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    let count = 0;
    let elapsedMs = 0;
    while (elapsedMs < ROUND_MS) {
      for (let index = 0; index < 64; index++) call();
      count += 64;
      elapsedMs = performance.now() - startedMs;
    }
    best = Math.max(best, (count / elapsedMs) * 1000);
  }
  return best;
}

function verifyRate(backend: CryptoBackend): number {
  useCryptoBackend(backend);
  const perSecond = rate(() => {
    if (!verifyTransaction({ transaction, signature }, domain).ok) throw new Error("the signature is right");
  });
  useCryptoBackend(nobleBackend);
  return perSecond;
}

function figure(what: string, options: { measured: number; peer: string; beside: number }): Figure {
  const { measured, peer, beside } = options;
  return {
    what,
    measured: `${readable(measured)} a second`,
    beside: `${peer}: ${readable(beside)} a second`,
    ratio: measured / beside,
  };
}

function figuresOf(kind: CryptoBackendKind, backend: CryptoBackend): readonly Figure[] {
  progress(`measuring ${backend.name}`);
  const recovery = rate(() => backend.recoverPublicKey({ digest, compact, parity }));
  const verified = verifyRate(backend);
  const nobleKeccak = verifyRate({ ...backend, keccak256: nobleBackend.keccak256 });
  return [
    figure(`${kind}: recovery`, { measured: recovery, peer: "noble", beside: nobleRecovery }),
    figure(`${kind}: checked transfers`, { measured: verified, peer: "with noble's Keccak-256", beside: nobleKeccak }),
    figure(`${kind}: checked transfers`, { measured: verified, peer: "recovery alone", beside: recovery }),
  ];
}

const nobleRecovery = rate(() => nobleBackend.recoverPublicKey({ digest, compact, parity }));
const nobleKeccak = rate(() => nobleBackend.keccak256(input));
const nobleSha = rate(() => nobleBackend.sha256(input));
const figures: Figure[] = [];
const notes = [
  "One thread; the best of seven rounds of 150 ms. `checked transfers` is verifyTransaction of a transfer.",
];
for (const kind of ["native", "wasm"] as const) {
  const attempt = createCryptoBackend(kind);
  if (!attempt.ok) {
    notes.push(`${kind} does not load here: ${attempt.reason}.`);
    continue;
  }
  const { backend } = attempt;
  figures.push(...figuresOf(kind, backend));
  if (kind === "wasm") {
    const keccak = rate(() => backend.keccak256(input));
    const sha = rate(() => backend.sha256(input));
    figures.push(figure("Keccak-256 of 64 bytes", { measured: keccak, peer: "noble", beside: nobleKeccak }));
    figures.push(figure("SHA-256 of 64 bytes, Bun's", { measured: sha, peer: "noble", beside: nobleSha }));
  }
}
publish({ title: "Cryptography", figures, notes });
