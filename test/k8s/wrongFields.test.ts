// A wrong field or value anywhere in a manifest is found, and so is every one of several.

import { describe, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { checkSchemas } from "../../scripts/k8s/check.ts";
import { parseManifests } from "../../scripts/k8s/manifests.ts";
import { checkUnknownFields } from "../../scripts/k8s/unknownFields.ts";
import { changed, DEV, manifestsOf, PRODUCTION } from "./rendered.ts";

const REPOSITORY = join(import.meta.dir, "../..");

// biome-ignore lint/suspicious/noExplicitAny: tests put in what the types forbid.
type Loose = any;

test("every field that its kind does not have is found in one run", () => {
  let manifests = changed(manifestsOf(PRODUCTION), {
    kind: "StatefulSet",
    change: ({ spec }) => {
      spec.replicaz = 3;
      spec.template.spec.fsGroup = 65_532;
      spec.template.spec.containers[0].livenessProbe.failureTreshold = 3;
      spec.template.spec.containers[0].ports[0].nane = "p2p";
    },
  });
  manifests = changed(manifests, {
    kind: "Service",
    change: ({ spec }) => {
      spec.selectors = { app: "aureon" };
    },
  });
  manifests = changed(manifests, {
    kind: "Ingress",
    change: ({ metadata }) => {
      metadata.anotations = {};
    },
  });
  const places = checkUnknownFields(manifests).map(
    (finding) => / (\S+): Property '\w+' does not exist/.exec(finding)?.[1],
  );
  expect(places.sort()).toEqual([
    "metadata.anotations",
    "spec.replicaz",
    "spec.selectors",
    "spec.template.spec.containers[0].livenessProbe.failureTreshold",
    "spec.template.spec.containers[0].ports[0].nane",
    "spec.template.spec.fsGroup",
  ]);
});

describe("the schema refuses", () => {
  const cases: readonly (readonly [string, string, (manifest: Loose) => void, string])[] = [
    [
      "text for a number",
      "StatefulSet",
      ({ spec }: Loose) => {
        spec.replicas = "3";
      },
      "/spec/replicas must be integer",
    ],
    [
      "a choice that there is not",
      "StatefulSet",
      ({ spec }: Loose) => {
        spec.podManagementPolicy = "parallel";
      },
      "/spec/podManagementPolicy must be equal to one of the allowed values",
    ],
    [
      "a missing field",
      "StatefulSet",
      ({ spec }: Loose) => {
        delete spec.selector;
      },
      "/spec must have required property selector",
    ],
    [
      "a number for text",
      "ConfigMap",
      ({ data }: Loose) => {
        data.PORT = 6000;
      },
      "/data/PORT must be string",
    ],
    [
      "a kind that there is not",
      "Ingress",
      (manifest: Loose) => {
        manifest.kind = "Ingres";
      },
      "Kubernetes has no Ingres in networking.k8s.io/v1",
    ],
    [
      "a version that was removed",
      "StatefulSet",
      (manifest: Loose) => {
        manifest.apiVersion = "apps/v1beta1";
      },
      "StatefulSet/aureon-node: apps/v1beta1 is no stable version",
    ],
  ];
  test.each(cases)("%s", async (_name, kind, change, finding) => {
    const findings = await checkSchemas(changed(manifestsOf(PRODUCTION), { kind, change }));
    expect(findings.join("\n")).toContain(finding);
  });
});

test("text that is no manifest is found", () => {
  expect(parseManifests("kind: Service\nkind: Service").findings).toHaveLength(1);
  expect(parseManifests("kind: Service").findings).toEqual(["a document has no apiVersion, kind and metadata.name"]);
  expect(parseManifests("---\n---\n")).toEqual({ manifests: [], findings: [] });
});

test("a number with a leading zero is octal, as it is to Kubernetes", () => {
  const { manifests } = parseManifests("apiVersion: v1\nkind: Pod\nmetadata: {name: a, mode: 0440}");
  expect(manifests[0]?.metadata).toEqual({ name: "a", mode: 288 } as { name: string });
});

test("the command ends with 1 and says what is wrong with an overlay", () => {
  const folder = mkdtempSync(join(tmpdir(), "aureon-overlay-"));
  try {
    const patch = JSON.stringify([{ op: "add", path: "/spec/replicaz", value: 3 }]);
    const lines = [
      `resources: [${relative(realpathSync(folder), join(REPOSITORY, DEV))}]`,
      `patches: [{ target: { kind: StatefulSet }, patch: '${patch}' }]`,
    ];
    writeFileSync(join(folder, "kustomization.yaml"), lines.join("\n"));
    const run = Bun.spawnSync([process.execPath, "scripts/k8s.ts", folder], { cwd: REPOSITORY });
    expect(run.stdout.toString()).toContain(
      "StatefulSet/aureon-node: spec.replicaz: Property 'replicaz' does not exist",
    );
    expect(run.exitCode).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
