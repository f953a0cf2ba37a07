// Each kind of fault alone: it does something, and after healing the cluster is one again.

import { beforeAll, expect, test } from "bun:test";
import { useFastCrypto } from "../support/fastCrypto.ts";
import { checkIncluded, describeHeads, divergence, isAllIncluded } from "./checkers/cluster.ts";
import { createCluster } from "./cluster.ts";
import { FAULT_KINDS, Faults } from "./faults.ts";
import { createPlan } from "./plan.ts";
import { Random } from "./random.ts";

const POLL_MS = 1_000;

beforeAll(useFastCrypto);

test.each(FAULT_KINDS)("%s", (kind) => {
  const random = new Random(kind);
  const plan = createPlan(random.fork("plan"), { nodeCount: 4, minutes: 1 });
  const { world, nodes, workload } = createCluster({ seed: kind, plan, lineShare: 0, isThorough: false });
  const { scheduler, trace, network } = world;
  const faults = new Faults({ random, scheduler, trace, network, nodes, onCrash: () => workload.onCrash() });
  for (const node of nodes) node.start();
  scheduler.runUntil(20_000);
  const before = trace.digest;
  faults.inject(kind);
  expect(faults.has(kind)).toBe(true);
  expect(trace.digest).not.toBe(before);
  scheduler.runUntil(60_000);
  faults.heal();
  workload.close();
  workload.resubmit();
  const endMs = scheduler.nowMs + 1_200_000;
  const isDone = () => divergence(nodes) <= 1 && isAllIncluded(nodes, workload);
  while (scheduler.nowMs < endMs && !isDone()) scheduler.runUntil(scheduler.nowMs + POLL_MS);
  expect(divergence(nodes), describeHeads(nodes)).toBeLessThanOrEqual(1);
  checkIncluded(nodes, workload);
  expect(nodes.every((node) => node.isAlive)).toBe(true);
});
