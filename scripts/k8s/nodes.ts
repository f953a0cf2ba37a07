// Holds what the pods are given to the node itself: its configuration is read as `aureon start` reads it, and has to
// describe one chain, ports that the manifests open, and peers that there are.

import { type Config, configToGenesis, loadConfig } from "../../src/app/config/index.ts";
import type { Genesis } from "../../src/core/protocol/index.ts";
import { type IStatefulSet, type Manifest, ofKind, podSpecOf } from "./manifests.ts";
import { type Pod, type PodsOptions, podsOf } from "./pods.ts";

const LOOPBACK_HOSTS: readonly string[] = ["127.0.0.1", "::1", "localhost"];

export interface NodesReport {
  readonly pods: readonly Pod[];
  readonly genesis: Genesis | undefined;
  readonly findings: readonly string[];
  /** What the node itself warns about, and starts all the same. */
  readonly warnings: readonly string[];
}

interface Node {
  readonly pod: Pod;
  readonly config: Config;
}

function flagOf(pod: Pod, flag: string): string | undefined {
  const index = pod.args.indexOf(flag);
  return index < 0 ? undefined : pod.args[index + 1];
}

type NodeResult = { readonly node?: Node; readonly findings: readonly string[]; readonly warnings: readonly string[] };

function loadNode(pod: Pod): NodeResult {
  const path = flagOf(pod, "--config") ?? "";
  const text = pod.files.get(path);
  if (text === undefined) return { findings: [`pod ${pod.name}: --config names no file: "${path}"`], warnings: [] };
  const loaded = loadConfig({
    file: { name: path, text },
    environment: pod.environment,
    flags: [],
    readFile: (name) => {
      const content = pod.files.get(name);
      return content === undefined ? { ok: false, reason: "there is no such file" } : { ok: true, text: content };
    },
  });
  // A variable that sets no key is ignored at run time; in a manifest it is a mistake.
  const isVariable = (warning: string) => warning.startsWith("AUREON_");
  const findings = [
    ...(loaded.ok ? [] : loaded.problems.map((problem) => `${problem.where}: ${problem.message}`)),
    ...loaded.warnings.filter(isVariable),
  ].map((message) => `pod ${pod.name}: ${message}`);
  const warnings = loaded.warnings.filter((warning) => !isVariable(warning));
  return loaded.ok ? { node: { pod, config: loaded.config }, findings, warnings } : { findings, warnings };
}

function checkPorts({ pod, config }: Node, set: IStatefulSet): readonly string[] {
  const { network, api, metrics, admin } = config;
  const ports = podSpecOf(set).containers.flatMap((container) => container.ports ?? []);
  const expected = { p2p: network.listenPort, api: api.port, websocket: api.websocketPort, metrics: metrics.port };
  const findings = Object.entries(expected)
    .map(([name, port]) => ({ name, port, own: ports.find((candidate) => candidate.name === name)?.containerPort }))
    .filter(({ port, own }) => port !== own)
    .map(({ name, port, own }) => `the node's port ${name} is ${port}, the container's ${own}`);
  if (ports.some((port) => port.containerPort === admin.port)) findings.push("the port of administration is open");
  if (LOOPBACK_HOSTS.includes(api.host)) findings.push(`nothing outside reaches the API at ${api.host}`);
  return findings.map((message) => `pod ${pod.name}: ${message}`);
}

function checkPeers({ pod, config }: Node, options: { set: IStatefulSet; pods: readonly Pod[] }): readonly string[] {
  const { set, pods } = options;
  const { bootstrapPeers, advertiseAddr, listenPort } = config.network;
  const endpointOf = ({ name }: Pod) => `${name}.${set.spec?.serviceName}:${listenPort}`;
  const expected = pods.map(endpointOf);
  const findings = [
    ...expected.filter((peer) => !bootstrapPeers.includes(peer)).map((peer) => `${peer} is not among its peers`),
    ...bootstrapPeers.filter((peer) => !expected.includes(peer)).map((peer) => `its peer ${peer} is no pod`),
  ];
  if (advertiseAddr !== endpointOf(pod)) findings.push(`it says of itself ${advertiseAddr}, not ${endpointOf(pod)}`);
  return findings.map((message) => `pod ${pod.name}: ${message}`);
}

function checkFiles({ pod, config }: Node): readonly string[] {
  const { tlsCertFile, tlsKeyFile, tlsCaFile } = config.network;
  const findings = [tlsCertFile, tlsKeyFile, tlsCaFile]
    .filter((path) => path !== undefined && !pod.files.has(path))
    .map((path) => `there is no file ${path}`);
  const datadir = flagOf(pod, "--datadir");
  const isClaim = datadir !== undefined && pod.folders.get(datadir) === "data";
  if (!isClaim) findings.push(`--datadir ${datadir} is not on the claim "data"`);
  const temporary = pod.environment.BUN_TMPDIR;
  if (temporary === undefined || !pod.folders.has(temporary)) findings.push(`BUN_TMPDIR ${temporary} can't be written`);
  return findings.map((message) => `pod ${pod.name}: ${message}`);
}

function checkSet(set: IStatefulSet & Manifest, options: PodsOptions): NodesReport {
  const { pods, findings: unresolved } = podsOf(set, options);
  const results = pods.map(loadNode);
  const nodes = results.map(({ node }) => node).filter((node) => node !== undefined);
  const geneses = nodes.map(({ config }) => configToGenesis(config));
  const [genesis] = geneses;
  const others = geneses.filter((candidate) => !Bun.deepEquals(candidate, genesis, true));
  return {
    pods,
    genesis,
    findings: [
      ...unresolved,
      ...results.flatMap(({ findings }) => findings),
      ...nodes.flatMap((node) => [...checkPorts(node, set), ...checkPeers(node, { set, pods }), ...checkFiles(node)]),
      ...others.map(() => "the pods have more than one genesis"),
    ],
    warnings: [...new Set(results.flatMap(({ warnings }) => warnings))],
  };
}

export function checkNodes(options: PodsOptions): NodesReport {
  const sets = ofKind(options.manifests, "StatefulSet");
  const [set] = sets;
  if (set === undefined || sets.length > 1) {
    const findings = [`there are ${sets.length} StatefulSets; expected one`];
    return { pods: [], genesis: undefined, findings, warnings: [] };
  }
  return checkSet(set, options);
}
