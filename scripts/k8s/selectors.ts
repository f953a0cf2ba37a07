// References between objects by label, by the name of a Service and by the name of a port.

import {
  type IService,
  type IStatefulSet,
  type Labels,
  type Manifest,
  ofKind,
  podSpecOf,
  selects,
  titleOf,
} from "./manifests.ts";

/** A port as a manifest names it: by its number or its name. */
type PortReference = number | string | undefined;

function podLabelsOf(set: IStatefulSet): Labels | undefined {
  return set.spec?.template.metadata?.labels;
}

function portsOf(set: IStatefulSet) {
  return podSpecOf(set).containers.flatMap((container) => container.ports ?? []);
}

function hasPort(sets: readonly IStatefulSet[], reference: PortReference): boolean {
  return sets.every((set) => portsOf(set).some((port) => port.name === reference || port.containerPort === reference));
}

function chosen(manifests: readonly Manifest[], selector: Labels | undefined) {
  return ofKind(manifests, "StatefulSet").filter((set) => selects(selector, podLabelsOf(set)));
}

function checkService(service: IService & Manifest, manifests: readonly Manifest[]): readonly string[] {
  const title = titleOf(service);
  const sets = chosen(manifests, service.spec?.selector);
  if (service.spec?.selector === undefined || sets.length === 0) return [`${title}: its selector chooses no pod`];
  return (service.spec.ports ?? [])
    .map((port) => port.targetPort ?? port.port)
    .filter((reference) => !hasPort(sets, reference))
    .map((reference) => `${title}: targetPort ${reference} is no port of the pods`);
}

function affinityTermsOf(set: IStatefulSet) {
  const spec = podSpecOf(set);
  const { podAntiAffinity } = spec.affinity ?? {};
  return [
    ...(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => term.podAffinityTerm),
    ...(spec.topologySpreadConstraints ?? []),
  ];
}

function checkStatefulSet(set: IStatefulSet & Manifest, manifests: readonly Manifest[]): readonly string[] {
  const title = titleOf(set);
  const findings: string[] = [];
  const labels = podLabelsOf(set);
  const { matchLabels } = set.spec?.selector ?? {};
  if (matchLabels === undefined || !selects(matchLabels, labels))
    findings.push(`${title}: its selector chooses no pod`);

  const name = set.spec?.serviceName;
  const service = ofKind(manifests, "Service").find((candidate) => candidate.metadata.name === name);
  if (service === undefined) findings.push(`${title}: there is no Service ${name}`);
  else if (service.spec?.clusterIP !== "None") findings.push(`${title}: the Service ${name} is not headless`);
  else if (!selects(service.spec.selector, labels)) findings.push(`${title}: the Service ${name} chooses other pods`);

  for (const term of affinityTermsOf(set)) {
    if (selects(term.labelSelector?.matchLabels, labels)) continue;
    findings.push(`${title}: its affinity by ${term.topologyKey} is about other pods`);
  }
  const names = portsOf(set).map((port) => port.name);
  for (const name of names.filter((name, index) => names.indexOf(name) !== index)) {
    findings.push(`${title}: two ports are named ${name}`);
  }
  for (const container of podSpecOf(set).containers) {
    for (const kind of ["startupProbe", "livenessProbe", "readinessProbe"] as const) {
      const port = container[kind]?.httpGet?.port;
      const isKnown = container.ports?.some((own) => own.name === port || own.containerPort === port) ?? false;
      if (port === undefined) findings.push(`${title}: ${container.name} has no ${kind} by HTTP`);
      else if (!isKnown) findings.push(`${title}: ${kind} asks port ${port}, which is no port of the container`);
    }
  }
  return findings;
}

function checkPolicies(manifests: readonly Manifest[]): readonly string[] {
  const findings: string[] = [];
  for (const budget of ofKind(manifests, "PodDisruptionBudget")) {
    if (chosen(manifests, budget.spec?.selector?.matchLabels).length > 0) continue;
    findings.push(`${titleOf(budget)}: its selector chooses no pod`);
  }
  for (const policy of ofKind(manifests, "NetworkPolicy")) {
    const title = titleOf(policy);
    const sets = chosen(manifests, policy.spec?.podSelector?.matchLabels);
    if (sets.length === 0) findings.push(`${title}: its selector chooses no pod`);
    const from = (policy.spec?.ingress ?? []).flatMap((rule) => rule.from ?? []);
    const to = (policy.spec?.egress ?? []).flatMap((rule) => rule.to ?? []);
    for (const { podSelector, namespaceSelector } of [...from, ...to]) {
      if (podSelector === undefined || namespaceSelector !== undefined) continue;
      if (chosen(manifests, podSelector.matchLabels).length === 0) findings.push(`${title}: a rule is about no pod`);
    }
    const amongPods = (policy.spec?.egress ?? []).filter(({ to }) =>
      to?.some((peer) => peer.podSelector !== undefined),
    );
    const rules = [...(policy.spec?.ingress ?? []), ...amongPods];
    const references = rules.flatMap((rule) => rule.ports ?? []).map(({ port }) => port);
    for (const reference of references.filter((reference) => !(reference === undefined || hasPort(sets, reference)))) {
      findings.push(`${title}: ${reference} is no port of the pods`);
    }
  }
  return findings;
}

function checkIngresses(manifests: readonly Manifest[]): readonly string[] {
  const findings: string[] = [];
  for (const ingress of ofKind(manifests, "Ingress")) {
    const title = titleOf(ingress);
    const rules = ingress.spec?.rules ?? [];
    const secured = new Set((ingress.spec?.tls ?? []).flatMap((entry) => entry.hosts ?? []));
    for (const { host } of rules) {
      if (host === undefined || !secured.has(host)) findings.push(`${title}: ${host ?? "a rule"} has no TLS`);
    }
    for (const path of rules.flatMap((rule) => rule.http?.paths ?? [])) {
      const { name, port } = path.backend.service ?? {};
      const service = ofKind(manifests, "Service").find((candidate) => candidate.metadata.name === name);
      const isServed = service?.spec?.ports?.some((own) => own.name === port?.name || own.port === port?.number);
      if (service === undefined) findings.push(`${title}: there is no Service ${name}`);
      else if (!isServed) findings.push(`${title}: the Service ${name} has no port ${port?.name ?? port?.number}`);
    }
  }
  return findings;
}

export function checkSelectors(manifests: readonly Manifest[]): readonly string[] {
  return [
    ...ofKind(manifests, "Service").flatMap((service) => checkService(service, manifests)),
    ...ofKind(manifests, "StatefulSet").flatMap((set) => checkStatefulSet(set, manifests)),
    ...checkPolicies(manifests),
    ...checkIngresses(manifests),
  ];
}
