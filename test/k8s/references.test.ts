// References that lead nowhere, rights that are too wide, and settings that do not fit the node are each found.

import { describe, expect, test } from "bun:test";
import { checkReferences } from "../../scripts/k8s/check.ts";
import { changed, DEV, manifestsOf, PRODUCTION, secretsOf } from "./rendered.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests put in what the types forbid.
type Loose = any;

interface Case {
  readonly name: string;
  readonly folder?: string;
  readonly kind: string;
  readonly of?: string;
  readonly change: (manifest: Loose) => void;
  readonly finding: string;
}

function inPod(change: (spec: Loose) => void) {
  return { kind: "StatefulSet", change: (set: Loose) => change(set.spec.template.spec) };
}

function inContainer(change: (container: Loose) => void) {
  return inPod((spec) => change(spec.containers[0]));
}

const set = (key: string, value: unknown) => (target: Loose) => {
  target[key] = value;
};

const REFERENCES: readonly Case[] = [
  {
    name: "a Service's port that no container has",
    kind: "Service",
    of: "aureon-node",
    change: ({ spec }) => set("targetPort", "p3p")(spec.ports[0]),
    finding: "Service/aureon-node: targetPort p3p is no port of the pods",
  },
  {
    name: "a Service's selector",
    kind: "Service",
    of: "aureon-api",
    change: ({ spec }) => set("selector", { app: "aureum" })(spec),
    finding: "Service/aureon-api: its selector chooses no pod",
  },
  {
    name: "the set's selector",
    kind: "StatefulSet",
    change: ({ spec }) => set("selector", { matchLabels: { app: "node" } })(spec),
    finding: "StatefulSet/aureon-node: its selector chooses no pod",
  },
  {
    name: "the set's Service",
    kind: "StatefulSet",
    change: ({ spec }) => set("serviceName", "aureon")(spec),
    finding: "StatefulSet/aureon-node: there is no Service aureon",
  },
  {
    name: "a Service that is not headless",
    kind: "StatefulSet",
    change: ({ spec }) => set("serviceName", "aureon-api")(spec),
    finding: "StatefulSet/aureon-node: the Service aureon-api is not headless",
  },
  {
    name: "a probe's port",
    ...inContainer(({ readinessProbe }) => set("port", "http")(readinessProbe.httpGet)),
    finding: "StatefulSet/aureon-node: readinessProbe asks port http, which is no port of the container",
  },
  {
    name: "a probe that is not there",
    ...inContainer((container) => set("startupProbe", undefined)(container)),
    finding: "StatefulSet/aureon-node: aureon-node has no startupProbe by HTTP",
  },
  {
    name: "an affinity",
    ...inPod(({ affinity }) =>
      set("labelSelector", { matchLabels: { app: "other" } })(
        affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0],
      ),
    ),
    finding: "StatefulSet/aureon-node: its affinity by kubernetes.io/hostname is about other pods",
  },
  {
    name: "the budget's selector",
    kind: "PodDisruptionBudget",
    change: ({ spec }) => set("matchLabels", { app: "other" })(spec.selector),
    finding: "PodDisruptionBudget/aureon-node: its selector chooses no pod",
  },
  {
    name: "the network policy's selector",
    kind: "NetworkPolicy",
    change: ({ spec }) => set("matchLabels", { app: "other" })(spec.podSelector),
    finding: "NetworkPolicy/aureon-node: its selector chooses no pod",
  },
  {
    name: "a port of the network policy",
    kind: "NetworkPolicy",
    change: ({ spec }) => set("port", "peers")(spec.ingress[0].ports[0]),
    finding: "NetworkPolicy/aureon-node: peers is no port of the pods",
  },
  {
    name: "a rule of the network policy about nobody",
    kind: "NetworkPolicy",
    change: ({ spec }) => set("podSelector", { matchLabels: { app: "other" } })(spec.ingress[0].from[0]),
    finding: "NetworkPolicy/aureon-node: a rule is about no pod",
  },
  {
    name: "the Ingress' Service",
    kind: "Ingress",
    change: ({ spec }) => set("name", "api")(spec.rules[0].http.paths[0].backend.service),
    finding: "Ingress/aureon-api: there is no Service api",
  },
  {
    name: "the Ingress' port",
    kind: "Ingress",
    change: ({ spec }) => set("port", { name: "https" })(spec.rules[0].http.paths[0].backend.service),
    finding: "Ingress/aureon-api: the Service aureon-api has no port https",
  },
  {
    name: "a host without TLS",
    kind: "Ingress",
    change: ({ spec }) => set("host", "other.example.org")(spec.rules[0]),
    finding: "Ingress/aureon-api: other.example.org has no TLS",
  },
];

const CONTENTS: readonly Case[] = [
  {
    name: "a mount of no volume",
    ...inContainer(({ volumeMounts }) =>
      set("name", "date")(volumeMounts.find((mount: Loose) => mount.name === "data")),
    ),
    finding: "pod aureon-node-0: /var/aureon mounts date, which is no volume",
  },
  {
    name: "a volume without a mount",
    ...inPod(({ volumes }) => volumes.push({ name: "spare", emptyDir: {} })),
    finding: "pod aureon-node-0: the volume spare is mounted nowhere",
  },
  {
    name: "a volume of no ConfigMap",
    ...inPod(({ volumes }) => set("name", "chain")(volumes.find((volume: Loose) => volume.name === "chain").configMap)),
    finding: "pod aureon-node-0: there is no ConfigMap chain",
  },
  {
    name: "an environment of no ConfigMap",
    ...inContainer(({ envFrom }) => set("name", "settings")(envFrom[0].configMapRef)),
    finding: "pod aureon-node-0: there is no ConfigMap settings",
  },
  {
    name: "a volume of no Secret",
    folder: DEV,
    ...inPod(({ volumes }) => set("secretName", "keys")(volumes.find((volume: Loose) => volume.secret).secret)),
    finding: "pod aureon-node-0: there is no Secret keys",
  },
  {
    name: "a key that a Secret lacks",
    folder: DEV,
    kind: "Secret",
    change: ({ data }) => delete data["wallet-2"],
    finding: "pod aureon-node-2: the volume secrets has no key wallet-2",
  },
  {
    name: "a pod more than there are keys",
    folder: DEV,
    kind: "StatefulSet",
    change: ({ spec }) => set("replicas", 4)(spec),
    finding: "pod aureon-node-3: /run/secrets/aureon has no files: the volume secrets has none in aureon-node-3/",
  },
  {
    name: "a variable that is used before it is set",
    ...inContainer(({ env }) =>
      env.push(
        env.splice(
          env.findIndex((entry: Loose) => entry.name === "POD_NAME"),
          1,
        )[0],
      ),
    ),
    finding:
      "pod aureon-node-0: the variable AUREON_NETWORK_ADVERTISE_ADDR uses $(POD_NAME), which is not set before it",
  },
];

const SETTINGS: readonly Case[] = [
  {
    name: "a variable that sets no key",
    ...inContainer(({ env }) => env.push({ name: "AUREON_NETWORK_LISTENPORT", value: "6000" })),
    finding: "pod aureon-node-0: AUREON_NETWORK_LISTENPORT sets no key of the configuration",
  },
  {
    name: "a bad value",
    ...inContainer(({ env }) => env.push({ name: "AUREON_MINING_THREADS", value: "0" })),
    finding: "pod aureon-node-0: AUREON_MINING_THREADS: mining.threads is 0",
  },
  {
    name: "an unknown key in config.toml",
    kind: "ConfigMap",
    change: ({ data }) => set("config.toml", "[consensus]\ndificulty = 1")(data),
    finding: "consensus.dificulty is no key of the configuration",
  },
  {
    name: "a genesis of its own for each pod",
    ...inContainer(({ env }) => env.push({ name: "AUREON_GENESIS_CHAIN_NAME", value: "$(POD_NAME)" })),
    finding: "the pods have more than one genesis",
  },
  {
    name: "a port of the node that the container does not open",
    ...inContainer(({ env }) => env.push({ name: "AUREON_API_PORT", value: "9000" })),
    finding: "pod aureon-node-0: the node's port api is 9000, the container's 8080",
  },
  {
    name: "the port of administration",
    ...inContainer(({ ports }) => ports.push({ name: "admin", containerPort: 8082 })),
    finding: "pod aureon-node-0: the port of administration is open",
  },
  {
    name: "an API that nobody reaches",
    ...inContainer(({ env }) => env.push({ name: "AUREON_API_HOST", value: "127.0.0.1" })),
    finding: "pod aureon-node-0: nothing outside reaches the API at 127.0.0.1",
  },
  {
    name: "a peer that there is not",
    kind: "StatefulSet",
    change: ({ spec }) => set("replicas", 2)(spec),
    finding: "pod aureon-node-0: its peer aureon-node-2.aureon-node:6000 is no pod",
  },
  {
    name: "a pod that is nobody's peer",
    kind: "StatefulSet",
    change: ({ spec }) => set("replicas", 4)(spec),
    finding: "pod aureon-node-0: aureon-node-3.aureon-node:6000 is not among its peers",
  },
  {
    name: "a certificate that is not mounted",
    ...inContainer(({ env }) =>
      set("value", "/run/secrets/ca.pem")(env.find((e: Loose) => e.name.endsWith("CA_FILE"))),
    ),
    finding: "pod aureon-node-0: there is no file /run/secrets/ca.pem",
  },
  {
    name: "a data folder that is lost with the pod",
    ...inContainer(({ args }) => set(String(args.indexOf("/var/aureon")), "/tmp")(args)),
    finding: 'pod aureon-node-0: --datadir /tmp is not on the claim "data"',
  },
  {
    name: "a temporary folder that cannot be written",
    ...inContainer(({ env }) => set("value", "/var/tmp")(env.find((e: Loose) => e.name === "BUN_TMPDIR"))),
    finding: "pod aureon-node-0: BUN_TMPDIR /var/tmp can't be written",
  },
];

const RIGHTS: readonly Case[] = [
  { name: "root", ...inPod((spec) => set("runAsUser", 0)(spec.securityContext)), finding: "runAsUser is not 65532" },
  {
    name: "another group",
    ...inPod((spec) => set("fsGroup", 1000)(spec.securityContext)),
    finding: "fsGroup is not 65532",
  },
  {
    name: "files that are opened to the group",
    ...inPod((spec) => set("fsGroupChangePolicy", "Always")(spec.securityContext)),
    finding: "fsGroupChangePolicy is not OnRootMismatch",
  },
  {
    name: "any system call",
    ...inPod((spec) => set("seccompProfile", { type: "Unconfined" })(spec.securityContext)),
    finding: "the seccomp profile is not RuntimeDefault",
  },
  {
    name: "variables of services",
    ...inPod((spec) => set("enableServiceLinks", undefined)(spec)),
    finding: "enableServiceLinks is not false",
  },
  {
    name: "a root file system that can be written",
    ...inContainer(({ securityContext }) => set("readOnlyRootFilesystem", false)(securityContext)),
    finding: "the root file system of aureon-node is not read-only",
  },
  {
    name: "capabilities",
    ...inContainer(({ securityContext }) =>
      set("capabilities", { drop: ["ALL"], add: ["NET_ADMIN"] })(securityContext),
    ),
    finding: "aureon-node keeps capabilities",
  },
  {
    name: "memory without a limit",
    ...inContainer(({ resources }) => set("limits", undefined)(resources)),
    finding: "aureon-node has no limit of memory",
  },
];

describe.each([
  ["references", REFERENCES],
  ["contents of a pod", CONTENTS],
  ["settings", SETTINGS],
  ["rights", RIGHTS],
] as const)("%s", (_group, cases) => {
  test.each(cases.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) => {
    const { folder = PRODUCTION, kind, of, change, finding } = entry;
    const manifests = changed(manifestsOf(folder), { kind, change, ...(of === undefined ? {} : { name: of }) });
    expect(checkReferences(manifests, secretsOf(folder)).findings.join("\n")).toContain(finding);
  });
});

test("two objects of one name are found", () => {
  const manifests = [...manifestsOf(DEV), ...manifestsOf(DEV).filter(({ kind }) => kind === "Service")];
  const { findings } = checkReferences(manifests, secretsOf(DEV));
  expect(findings).toEqual(["there is more than one Service/aureon-api", "there is more than one Service/aureon-node"]);
});
