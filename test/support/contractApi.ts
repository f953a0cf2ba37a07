// Contracts behind the API over a replica in process: what the tests of routes and of the client deploy.

import { EXAMPLE_CONTRACT } from "../../src/app/api/exampleContract.ts";
import { type Client, createClient } from "../../src/client/index.ts";
import type { DeployedJson } from "../../src/client/json/index.ts";
import { bytesToHex } from "../../src/core/primitives/index.ts";
import { serve } from "./apiFixture.ts";
import { createTestNode, type TestNode } from "./inProcessNode.ts";
import { accepted } from "./refusalNodes.ts";
import { contract } from "./wat.ts";

/** Each function fails in its own way, or says something. */
export const TALKER = bytesToHex(
  contract(`(memory 1)
    (data (i32.const 0) "no such luck") (data (i32.const 16) "{\\22n\\22:[-1,2.50]}") (data (i32.const 40) "\\ff\\00")
    (func (export "refuse") (call $revert (i32.const 0) (i32.const 12)))
    (func (export "refuseBytes") (call $revert (i32.const 40) (i32.const 2)))
    (func (export "refuseSilently") (call $revert (i32.const 0) (i32.const 0)))
    (func (export "crash") (call $log (i32.const 0) (i32.const 12)) (call $log (i32.const 40) (i32.const 2)) unreachable)
    (func (export "json") (call $return_data (i32.const 16) (i32.const 15)))
    (func (export "echo") (local $size i32)
      (local.set $size (call $input_size))
      (call $input_read (i32.const 256) (i32.const 0) (local.get $size))
      (call $return_data (i32.const 256) (local.get $size)))
    (func (export "caller") (call $caller (i32.const 64)) (call $return_data (i32.const 64) (i32.const 20)))
    (func (export "height") (result i64) (call $block_height (i32.const 96)) (i64.load (i32.const 96)))
    (func (export "spin") (loop (br 0)))
    (func (export "many") (param i32)
      (loop
        (call $event (i32.const 128) (i32.const 0) (i32.const 0) (i32.const 4))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if 0 (local.get 0))))`),
);

export const COUNTER = EXAMPLE_CONTRACT;
/** The counter's key, "count". */
export const COUNT = "0x636f756e74";

export interface ContractApi extends ReturnType<typeof serve> {
  readonly node: TestNode;
  readonly client: Client;
  deploy(wasm: string): Promise<DeployedJson>;
}

/** Seals each submission into a block of its own, signed by the first test account where none signs it. */
export function serveContracts(options: Parameters<typeof createTestNode>[0] = {}): ContractApi {
  const node = createTestNode(options);
  const served = serve({ node, config: { bodySizeBytesMax: 1_000_000 } });
  const client = createClient({
    url: "http://localhost",
    fetch: async (url, init) => served.app.handle(new Request(url, init)),
  });
  const deploy = (wasm: string) => accepted(client.deployContract({ wasm: wasm as `0x${string}` }, { waitMs: 5000 }));
  return { ...served, node, client, deploy };
}
