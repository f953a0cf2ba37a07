// The API over a whole replica in process, and how tests ask it.

import { type ApiConfig, createApi } from "../../src/app/api/index.ts";
import { createWallet } from "../../src/app/wallet/index.ts";
import type { SigningDomain } from "../../src/core/protocol/index.ts";
import { signedTransfer, testAccount } from "./chainFixture.ts";
import { silentLogger, type TestNode } from "./inProcessNode.ts";

export const BODY_SIZE_BYTES_MAX = 4096;
const [alice, bob] = [testAccount(0), testAccount(1)];

type Json = Record<string, unknown> & { error: { code: string; message: string; details?: Record<string, unknown> } };

/** With the first test account in the wallet, where it is on. */
export function serve(options: { node: TestNode; isWalletOn?: boolean; config?: Partial<ApiConfig> }) {
  const { node, isWalletOn = true } = options;
  const app = createApi({
    node: node.handle,
    wallet: isWalletOn ? createWallet({ secretKeys: [alice.secretKey] }) : undefined,
    version: "1.2.3",
    logger: silentLogger,
    config: {
      host: "127.0.0.1",
      hostsAllowed: [],
      corsOrigins: [],
      bodySizeBytesMax: BODY_SIZE_BYTES_MAX,
      ...options.config,
    },
  });
  const request = async (path: string, init?: RequestInit) => {
    const response = await app.handle(new Request(`http://localhost${path}`, init));
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  };
  const post = (body: unknown, options: { query?: string; headers?: Record<string, string> } = {}) =>
    request(`/submit-tx${options.query ?? ""}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", ...options.headers },
    });
  return { app, request, post };
}

/** A signed transfer of the first test account to the second as a body. */
export function signedBody(domain: SigningDomain, fields: { nonce?: number; amount?: number } = {}) {
  const { nonce = 0, amount = 5 } = fields;
  const signed = signedTransfer({ sender: alice, to: bob.address, amount, nonce, domain });
  return { ...signed.transaction, signature: signed.signature, hash: signed.hash };
}
