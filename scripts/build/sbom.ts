// The software bill of materials of a release, in the form of CycloneDX 1.6: what an executable is made of, by the
// production dependencies in bun.lock and by Bun, which is its runtime. Equal sources give equal bytes.
//
// It lists what the bundler may take from, which is more than what it takes: a scanner that finds a fault in one of
// these packages names one that is worth a look. The library is a development dependency; nothing else may import this
// file statically, so that an executable can be built with the production dependencies alone.

import { readFileSync } from "node:fs";
import { Enums, Models, Serialize, SPDX, Spec } from "@cyclonedx/cyclonedx-library";
import packageJson from "../../package.json" with { type: "json" };
import type { Identity } from "./identity.ts";
import { type Lock, type LockedPackage, productionTree } from "./productionTree.ts";

const REGISTRY = "https://registry.npmjs.org";
/** Of the names below it; made once, at random. */
const SERIAL_NAMESPACE = "5d0c8d0e-9f0b-4c0e-8d57-6c1f6a8f3b1a";
// An SPDX expression is names of licences, joined and in brackets.
const EXPRESSION_SEPARATOR = /[()\s]+|\b(?:AND|OR|WITH)\b/;
const LIBRARY = "@cyclonedx/cyclonedx-library";

export function sbomName(identity: Identity): string {
  return `aureon-${identity.version}.cdx.json`;
}

function splitName(fullName: string): { readonly group?: string; readonly name: string } {
  const [, group, name] = /^(@[^/]+)\/(.+)$/.exec(fullName) ?? [];
  return group === undefined || name === undefined ? { name: fullName } : { group, name };
}

function npmPurl(fullName: string, version: string): string {
  return `pkg:npm/${fullName.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
}

/** @throws RangeError for a licence that SPDX doesn't know: a person has to read that one */
export function declaredLicence(text: string): Models.License {
  const isSimple = SPDX.isSupportedSpdxId(text);
  const names = text.split(EXPRESSION_SEPARATOR).filter((name) => name !== "");
  if (!isSimple && (names.length < 2 || !names.every(SPDX.isSupportedSpdxId))) {
    throw new RangeError(`"${text}" is no licence of the SPDX list`);
  }
  const licence = isSimple ? new Models.SpdxLicense(text) : new Models.LicenseExpression(text);
  licence.acknowledgement = Enums.LicenseAcknowledgement.Declared;
  return licence;
}

/** The licence that the installed package names. */
function licenceOf({ id, version, folder }: LockedPackage): Models.License {
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Record<string, unknown>;
  if (manifest.version !== version) throw new RangeError(`${folder} is not ${id}; run: bun install --frozen-lockfile`);
  if (typeof manifest.license !== "string") throw new RangeError(`${id} names no licence in the form of a text`);
  return declaredLicence(manifest.license);
}

function packageComponent(locked: LockedPackage): Models.Component {
  const { id, name, version, integrity } = locked;
  const digest = Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
  const archive = new Models.ExternalReference(
    `${REGISTRY}/${name}/-/${splitName(name).name}-${version}.tgz`,
    Enums.ExternalReferenceType.Distribution,
    {
      hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-512"], digest]]),
      comment: "the archive that bun.lock names",
    },
  );
  return new Models.Component(Enums.ComponentType.Library, splitName(name).name, {
    bomRef: id,
    ...splitName(name),
    version,
    purl: npmPurl(name, version),
    licenses: new Models.LicenseRepository([licenceOf(locked)]),
    externalReferences: new Models.ExternalReferenceRepository([archive]),
  });
}

/** The runtime that the executable carries, of the version that builds it. */
function bunComponent(): Models.Component {
  return new Models.Component(Enums.ComponentType.Platform, "bun", {
    bomRef: `bun@${Bun.version}`,
    version: Bun.version,
    purl: npmPurl("bun", Bun.version),
    licenses: new Models.LicenseRepository([declaredLicence("MIT")]),
  });
}

function product(identity: Identity): Models.Component {
  return new Models.Component(Enums.ComponentType.Application, packageJson.name, {
    bomRef: `${packageJson.name}@${identity.version}`,
    version: identity.version,
    description: packageJson.description,
    purl: `pkg:generic/${packageJson.name}@${encodeURIComponent(identity.version)}`,
    licenses: new Models.LicenseRepository([declaredLicence(packageJson.license)]),
    properties: new Models.PropertyRepository([new Models.Property("aureon:commit", identity.commit)]),
  });
}

function metadata(identity: Identity): Models.Metadata {
  const tool = new Models.Component(Enums.ComponentType.Library, splitName(LIBRARY).name, {
    ...splitName(LIBRARY),
    version: packageJson.devDependencies[LIBRARY],
  });
  return new Models.Metadata({
    timestamp: new Date(identity.date),
    lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.Build]),
    tools: new Models.Tools({ components: new Models.ComponentRepository([tool]) }),
    component: product(identity),
  });
}

/** The text of the bill; it ends with a line end. */
export function createSbom(identity: Identity, lock: Lock): string {
  const { direct, packages } = productionTree(lock);
  const components = new Map(packages.map((locked) => [locked.id, packageComponent(locked)]));
  const bun = bunComponent();
  const bom = new Models.Bom({ metadata: metadata(identity) });
  const root = bom.metadata.component as Models.Component;
  const refOf = (id: string): Models.BomRef => (components.get(id) as Models.Component).bomRef;
  root.dependencies.add(bun.bomRef);
  for (const id of direct) root.dependencies.add(refOf(id));
  for (const { id, dependencies } of packages) {
    for (const needed of dependencies) components.get(id)?.dependencies.add(refOf(needed));
  }
  for (const component of [bun, ...components.values()]) bom.components.add(component);

  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  const serialize = () => `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
  // Another content is another bill, and gets another number.
  bom.serialNumber = `urn:uuid:${Bun.randomUUIDv5(serialize(), SERIAL_NAMESPACE)}`;
  return serialize();
}

export function readLock(): Lock {
  return Bun.JSONC.parse(readFileSync("bun.lock", "utf8")) as Lock;
}
