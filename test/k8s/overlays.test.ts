// Both overlays are free of findings, and are what they are for.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkReferences, checkSchemas, OVERLAYS } from "../../scripts/k8s/check.ts";
import { ofKind, podSpecOf } from "../../scripts/k8s/manifests.ts";
import { IMAGE_USER } from "../../scripts/k8s/security.ts";
import { checkUnknownFields } from "../../scripts/k8s/unknownFields.ts";
import { DEVELOPMENT_ACCOUNTS } from "../../src/app/config/index.ts";
import { serve } from "../support/apiFixture.ts";
import { createTestNode } from "../support/inProcessNode.ts";
import { DEV, manifestsOf, PRODUCTION, secretsOf } from "./rendered.ts";

const REPOSITORY = join(import.meta.dir, "../..");

function setOf(folder: string) {
  const [set] = ofKind(manifestsOf(folder), "StatefulSet");
  if (set === undefined) throw new Error(`${folder} has no StatefulSet`);
  const spec = podSpecOf(set);
  const [container] = spec.containers;
  if (container === undefined) throw new Error(`${folder} has no container`);
  return { set, spec, container };
}

describe.each(OVERLAYS.map(({ folder }) => folder))("%s", (folder) => {
  test("has no findings", async () => {
    const manifests = manifestsOf(folder);
    expect(manifests.length).toBeGreaterThanOrEqual(8);
    expect(await checkSchemas(manifests)).toEqual([]);
    expect(checkUnknownFields(manifests)).toEqual([]);
    expect(checkReferences(manifests, secretsOf(folder)).findings).toEqual([]);
  });

  test("runs three nodes that start side by side, each with its claim", () => {
    const { set } = setOf(folder);
    expect(set.spec?.replicas).toBe(3);
    expect(set.spec?.podManagementPolicy).toBe("Parallel");
    const [claim] = set.spec?.volumeClaimTemplates ?? [];
    expect(claim?.spec?.resources?.requests).toEqual({ storage: "10Gi" });
    const { nodes } = checkReferences(manifestsOf(folder), secretsOf(folder));
    expect(nodes.pods.map((pod) => pod.folders.get("/var/aureon"))).toEqual(["data", "data", "data"]);
  });

  test("has one headless Service that shows nodes that still sync, and one of ready nodes", () => {
    const services = ofKind(manifestsOf(folder), "Service");
    const byName = new Map(services.map(({ metadata, spec }) => [metadata.name, spec]));
    expect(byName.get("aureon-node")).toMatchObject({ clusterIP: "None", publishNotReadyAddresses: true });
    expect(byName.get("aureon-api")?.publishNotReadyAddresses).toBeUndefined();
    expect(byName.get("aureon-api")?.clusterIP).toBeUndefined();
  });

  test("allows an emptyDir and the claim to be written to, and nothing else", () => {
    const { spec, container } = setOf(folder);
    const writable = (container.volumeMounts ?? []).filter((mount) => mount.readOnly !== true);
    expect(writable.map((mount) => mount.mountPath).sort()).toEqual(["/tmp", "/var/aureon"]);
    expect(spec.volumes?.find((volume) => volume.name === "tmp")?.emptyDir).toBeDefined();
  });

  test("is limited by a budget and a policy of the network", () => {
    const [budget] = ofKind(manifestsOf(folder), "PodDisruptionBudget");
    expect(budget?.spec?.maxUnavailable).toBe(1);
    const [policy] = ofKind(manifestsOf(folder), "NetworkPolicy");
    expect(policy?.spec?.policyTypes).toEqual(["Ingress", "Egress"]);
    const egress = policy?.spec?.egress ?? [];
    const toNodes = egress.filter(({ to }) => to?.some((peer) => peer.podSelector?.matchLabels?.app === "aureon"));
    const { ports = [] } = setOf(folder).container;
    const peerPort = ports.find(({ name }) => name === "p2p")?.containerPort as number;
    expect(toNodes.flatMap((rule) => rule.ports ?? [])).toEqual([{ port: peerPort }]);
    const toAll = egress.filter(({ to }) => to === undefined).flatMap((rule) => rule.ports ?? []);
    expect(toAll).toContainEqual({ port: 53, protocol: "UDP" });
  });

  test("asks for routes that the API has, and none about other nodes before the node is ready", async () => {
    const { container } = setOf(folder);
    const { startupProbe, livenessProbe, readinessProbe } = container;
    expect(startupProbe?.httpGet?.path).toBe("/liveness");
    expect(livenessProbe?.httpGet?.path).toBe("/liveness");
    expect(readinessProbe?.httpGet?.path).toBe("/readiness");
    const { request } = serve({ node: createTestNode() });
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect((await request(probe?.httpGet?.path ?? "")).status).toBe(200);
    }
  });
});

test("the user of the pods is that of the image", () => {
  const image = readFileSync(join(REPOSITORY, "Dockerfile"), "utf8");
  expect(image).toMatch(/^FROM gcr\.io\/distroless\/\S+:nonroot$/m);
  expect(image).toContain(`--chown=${IMAGE_USER}:${IMAGE_USER}`);
});

describe("dev", () => {
  test("is a development chain on which each node has a key of its own", () => {
    const { nodes } = checkReferences(manifestsOf(DEV), secretsOf(DEV));
    expect(nodes.genesis?.development).toBe(true);
    expect(nodes.genesis?.accounts.map(({ address }) => address).sort()).toEqual(
      DEVELOPMENT_ACCOUNTS.map(({ address }) => address).sort(),
    );
    const keys = nodes.pods.map(({ files }) => [...files].filter(([path]) => path.startsWith("/run/secrets/")));
    expect(keys).toEqual(
      DEVELOPMENT_ACCOUNTS.slice(0, 3).map(({ secretKey }) => [["/run/secrets/aureon/wallet", secretKey]]),
    );
    expect(nodes.warnings).toEqual([]);
  });

  test("fits on one machine, with the image that was loaded there", () => {
    const { spec, container } = setOf(DEV);
    expect(container.image).toBe("aureon-chain:latest");
    expect(container.imagePullPolicy).toBe("IfNotPresent");
    expect(spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toBeUndefined();
    expect(spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
  });
});

describe("production", () => {
  test("has no wallet, no development accounts and no Secret in the repository", () => {
    const { nodes } = checkReferences(manifestsOf(PRODUCTION), secretsOf(PRODUCTION));
    expect(nodes.genesis?.development).toBe(false);
    expect(nodes.pods.flatMap(({ environment }) => Object.keys(environment)).join(" ")).not.toContain("WALLET");
    expect(ofKind(manifestsOf(PRODUCTION), "Secret")).toEqual([]);
  });

  test("is another chain than dev, on one machine a node", () => {
    const { spec, container } = setOf(PRODUCTION);
    expect(container.image).toMatch(/^myregistry\/aureon:v\d/);
    const [term] = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    expect(term?.topologyKey).toBe("kubernetes.io/hostname");
    expect(spec.topologySpreadConstraints).toHaveLength(1);
    const [dev, production] = [DEV, PRODUCTION].map((folder) =>
      checkReferences(manifestsOf(folder), secretsOf(folder)),
    );
    expect(production?.nodes.genesis).not.toEqual(dev?.nodes.genesis);
  });

  test("shows each pod its own certificate and no other's", () => {
    const { nodes } = checkReferences(manifestsOf(PRODUCTION), secretsOf(PRODUCTION));
    const secrets = nodes.pods.map(({ files }) => [...files.keys()].filter((path) => path.startsWith("/run/secrets/")));
    const own = ["peer.pem", "peer.key", "ca.pem"].map((file) => `/run/secrets/aureon/${file}`);
    expect(secrets).toEqual([own, own, own]);
  });

  test("takes Secrets that the documentation says how to make", () => {
    const page = readFileSync(join(REPOSITORY, "docs/kubernetes.md"), "utf8");
    for (const name of secretsOf(PRODUCTION).externalSecrets) expect(page).toContain(name);
    const items = (setOf(PRODUCTION).spec.volumes ?? []).flatMap((volume) => volume.secret?.items ?? []);
    const keys = new Set(items.map(({ key }) => key.replace(/\d+$/, "$i")));
    expect([...keys]).toEqual(["peer-cert-$i", "peer-key-$i", "peer-ca"]);
    for (const key of keys) expect(page).toContain(`--from-file=${key}=`);
  });
});
