// Renders the Kubernetes overlays and checks them without a cluster: `make k8s-validate`, or `bun scripts/k8s.ts FOLDER...`
// for overlays of your own. Prints every finding and ends with 1 where there is one.

import { checkReferences, checkSchemas, OVERLAYS, overlayAt } from "./k8s/check.ts";
import { parseManifests } from "./k8s/manifests.ts";
import { findRenderer, render } from "./k8s/renderer.ts";
import { checkUnknownFields } from "./k8s/unknownFields.ts";

const folders = process.argv.slice(2);
const overlays = folders.length === 0 ? OVERLAYS : folders.map((folder) => overlayAt(folder.replace(/\/$/, "")));

async function checkAll(): Promise<number> {
  const renderer = findRenderer();
  console.log(`kustomize ${renderer.version}: ${renderer.command.join(" ")}`);
  let total = 0;
  for (const overlay of overlays) {
    const { manifests, findings: unreadable } = parseManifests(render(renderer, overlay.folder));
    const schema = [...unreadable, ...(await checkSchemas(manifests)), ...checkUnknownFields(manifests)];
    // The other checks read the objects as what their schemas say.
    const references = schema.length > 0 ? undefined : checkReferences(manifests, overlay);
    const findings = references?.findings ?? schema;
    for (const finding of findings) console.log(`${overlay.folder}: ${finding}`);
    for (const warning of references?.nodes.warnings ?? []) console.log(`${overlay.folder}: warning: ${warning}`);
    console.log(`${overlay.folder}: ${manifests.length} objects, ${findings.length} findings`);
    total += findings.length;
    if (manifests.length === 0) total++;
  }
  return total;
}

try {
  process.exitCode = (await checkAll()) === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
