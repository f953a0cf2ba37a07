// The cluster's scripts and compose read the same settings: the shell's, else those of .env, else the documented ones.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { REPOSITORY } from "./sources.ts";

const SETTINGS = `# A comment, and an empty line.

COMPOSE_PROJECT_NAME=first
NODE2_REST_PORT="9001"
CONTAINER_PREFIX='b-'
BIND_ADDRESS=0.0.0.0
NODE3_REST_PORT=9002`;

/** Knows of no container but `known-aureon-node-1`, and says what else it was asked. */
const FAKE_DOCKER = `case "$*" in
  inspect*Destination*" known-aureon-node-1") echo volume-of-container ;;
  inspect*) exit 1 ;;
  *) echo "$*" ;;
esac`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "_Aureon.scripts-"));
  writeFileSync(join(folder, "docker"), FAKE_DOCKER);
  cpSync(join(REPOSITORY, "scripts/cluster"), join(folder, "scripts/cluster"), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the functions that all scripts share answer, with Docker's part played by a script. */
function ask(script: string, env: Readonly<Record<string, string>> = {}): string {
  const command = ["sh", "-c", `. "$(dirname "$0")/common.sh"; ${script}`, "scripts/cluster/any"];
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, {
    cwd: folder,
    env: { PATH: process.env.PATH, DOCKER: `sh ${folder}/docker`, COMPOSE: "echo", ...env },
  });
  expect(exitCode, stderr.toString()).toBe(0);
  return stdout.toString().trim();
}

test("without settings they are the documented ones", () => {
  rmSync(join(folder, ".env"), { force: true });
  expect(ask("url_of 1; url_of 2; url_of 3; container_of 1")).toBe(
    "http://127.0.0.1:8000\nhttp://127.0.0.1:8001\nhttp://127.0.0.1:8002\naureon-node-1",
  );
  expect(ask("echo $BACKUPS $IMAGE")).toBe("backups aureon-chain:latest");
});

test(".env is read as compose reads it", () => {
  writeFileSync(join(folder, ".env"), SETTINGS);
  expect(ask("url_of 1; url_of 2; url_of 3; container_of 2")).toBe(
    "http://127.0.0.1:8000\nhttp://127.0.0.1:9001\nhttp://127.0.0.1:9002\nb-aureon-node-2",
  );
  expect(ask("volume_of 1")).toContain("^first_node1_data$");
});

test("the shell has precedence", () => {
  writeFileSync(join(folder, ".env"), SETTINGS);
  const env = { NODE2_REST_PORT: "7001", COMPOSE_PROJECT_NAME: "second", CONTAINER_PREFIX: "" };
  expect(ask("url_of 2; container_of 2", env)).toBe("http://127.0.0.1:7001\naureon-node-2");
  expect(ask("volume_of 1", env)).toContain("^second_node1_data$");
});

test("a volume is the one of the node's container, else named by the folder as compose does it", () => {
  rmSync(join(folder, ".env"), { force: true });
  const project = basename(folder)
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, "")
    .replace(/^[-_]+/, "");
  expect(project).toStartWith("aureonscripts-");
  expect(ask("volume_of 1")).toContain(`^${project}_node1_data$`);
  expect(ask("volume_of 1", { CONTAINER_PREFIX: "known-" })).toBe("volume-of-container");
});
