// What commands say of a node's refusal: its code, its message and the next step.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { nextStepOf } from "../../../../src/client/index.ts";
import { serve } from "../../../support/apiFixture.ts";
import { TEST_BALANCE, testAccount } from "../../../support/chainFixture.ts";
import { createTestNode } from "../../../support/inProcessNode.ts";
import { createHarness, type Harness } from "./harness.ts";

const [alice, bob] = [testAccount(0), testAccount(1)];
let cli: Harness;
let http: ReturnType<typeof Bun.serve>;

function listen(options: { isWalletOn: boolean }): void {
  const { app } = serve({ node: createTestNode(), ...options });
  http = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => app.handle(request) });
}

beforeEach(() => {
  cli = createHarness();
});
afterEach(async () => {
  cli.remove();
  await http.stop(true);
});

const send = (...flags: string[]) => cli.run(["send", "--to", bob.address, "--port", String(http.port), ...flags]);

test("a transfer that the wallet is not there for", async () => {
  listen({ isWalletOn: false });
  expect(await send("--amount", "1")).toBe(1);
  const [first, ...rest] = cli.output.stderr.split("\n");
  expect(first).toStartWith("aureon: wallet_disabled: the transaction has no signature, and this node's wallet is off");
  expect(rest).toEqual([`  ${nextStepOf("wallet_disabled")}`, ""]);
});

test("a transfer of more than there is, and one of a stranger", async () => {
  listen({ isWalletOn: true });
  expect(await send("--amount", String(TEST_BALANCE + 1))).toBe(1);
  expect(cli.output.stderr).toBe(
    `aureon: insufficient_balance: amount and highest fee come to ${TEST_BALANCE + 1}; the balance is ${TEST_BALANCE}\n` +
      "  Lower the amount, gasLimit or gasPrice, or fund the account.\n",
  );
  cli.output.stderr = "";
  expect(await send("--amount", "1", "--from", bob.address)).toBe(1);
  expect(cli.output.stderr).toStartWith(
    `aureon: wallet_unknown_account: the node's wallet holds no key of ${bob.address}`,
  );
  expect(cli.output.stderr).toContain(alice.address);
});

test("an answer that no node gives", async () => {
  http = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("<html>") });
  expect(await cli.run(["head", "--port", String(http.port)])).toBe(1);
  expect(cli.output.stderr).toBe(
    `aureon: unexpected_response: the answer is no JSON: <html>\n  ${nextStepOf("unexpected_response")}\n`,
  );
});
