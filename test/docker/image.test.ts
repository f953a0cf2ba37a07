// The image as it is published: what is in it, what it asks of Docker, and that it runs with next to no rights.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient } from "../../src/client/index.ts";
import { freePort } from "../support/binary.ts";
import { succeeded, until } from "../support/cluster.ts";
import {
  containerLog,
  docker,
  expectEvent,
  HELPER_IMAGE,
  IMAGE,
  inspect,
  removeAll,
  report,
  requireImages,
  run,
  tryRun,
  uniqueName,
} from "../support/docker.ts";

const REPOSITORY = resolve(import.meta.dir, "../..");
const DEV_IMAGE = "aureon-chain:dev";
const MIB = 1024 * 1024;
// 140 MB and 66 MB are aimed at; these bounds only notice something that should not be there.
const SIZE_BYTES_MAX = 180 * MIB;
const COMPRESSED_SIZE_BYTES_MAX = 85 * MIB;
const STOP_TIMEOUT_MS = 2000;
const DEVELOPMENT_TIMEOUT_MS = 120_000;

const container = uniqueName("image");
const volume = `${container}-data`;
const restPort = freePort();
const client = createClient({ url: `http://127.0.0.1:${restPort}` });

beforeAll(async () => {
  await requireImages(IMAGE, DEV_IMAGE, HELPER_IMAGE);
  await docker("volume", "create", volume);
  const rights = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"];
  const place = ["-v", `${volume}:/var/aureon`, "-p", `127.0.0.1:${restPort}:8080`];
  await docker("run", "-d", "--name", container, ...rights, ...place, IMAGE);
}, 60_000);

afterAll(() => removeAll(container), 60_000);

/** The files of an image, without the folders. */
async function filesOf(image: string): Promise<readonly string[]> {
  const name = uniqueName("files");
  await docker("create", "--name", name, image, "none");
  try {
    const { stdout } = await run(["sh", "-c", `docker export ${name} | tar -t`]);
    return stdout.split("\n").filter((path) => path !== "" && !path.endsWith("/"));
  } finally {
    removeAll(name);
  }
}

describe("the image", () => {
  test("says what it needs", async () => {
    const config = JSON.parse(await docker("image", "inspect", "-f", "{{json .Config}}", IMAGE));
    expect(Object.keys(config.ExposedPorts)).toEqual(
      expect.arrayContaining(["6000/tcp", "8080/tcp", "8081/tcp", "9464/tcp"]) as never,
    );
    expect(Object.keys(config.ExposedPorts)).toHaveLength(4);
    expect(Object.keys(config.Volumes)).toEqual(["/var/aureon"]);
    expect(config.Entrypoint).toEqual(["/usr/local/bin/aureon"]);
    expect(config.StopSignal).toBe("SIGTERM");
    expect(config.Healthcheck.Test).toEqual(["CMD", "/usr/local/bin/aureon", "healthcheck"]);
    // The number, which Kubernetes asks for, or the name that distroless has for it.
    expect(["65532", "65532:65532", "nonroot", "nonroot:nonroot"]).toContain(config.User);
  });

  test("has the executable and the default configuration beside its base, and nothing else", async () => {
    const dockerfile = readFileSync(join(REPOSITORY, "Dockerfile"), "utf8");
    const base = [...dockerfile.matchAll(/^FROM (\S+)/gm)].at(-1)?.[1] ?? "";
    const [ours, theirs] = await Promise.all([filesOf(IMAGE), filesOf(base)]);
    const added = ours.filter((path) => !theirs.includes(path));
    expect(added.toSorted()).toEqual(["etc/aureon/config.toml", "usr/local/bin/aureon"]);
    const { stdout } = await run(["sh", "-c", `docker cp ${container}:/etc/aureon/config.toml - | tar -xO`]);
    expect(stdout).toBe(readFileSync(join(REPOSITORY, "config.toml"), "utf8"));
  }, 60_000);

  test("is small", async () => {
    const sizeBytes = Number(await docker("image", "inspect", "-f", "{{.Size}}", IMAGE));
    const { stdout } = await run(["sh", "-c", `docker save ${IMAGE} | gzip -c | wc -c`]);
    report("image", `${(sizeBytes / 1e6).toFixed(0)} MB, compressed ${(Number(stdout) / 1e6).toFixed(0)} MB`);
    expect(sizeBytes).toBeLessThan(SIZE_BYTES_MAX);
    expect(Number(stdout)).toBeLessThan(COMPRESSED_SIZE_BYTES_MAX);
  }, 60_000);

  test("says from which commit it was built", async () => {
    const commit = (await run(["git", "rev-parse", "HEAD"])).stdout.trim();
    const version = await docker("run", "--rm", "--network", "none", IMAGE, "version");
    expect(version, "an older image is here; build it anew with: make build build-dev").toContain(`commit ${commit}`);
  });
});

describe("a container that is read-only, without capabilities, on a fresh volume", () => {
  test("runs, with the native secp256k1", async () => {
    const head = await until(
      "a block",
      async () => {
        const answer = await client.head();
        return answer.ok && answer.value.height > 0 ? answer.value : undefined;
      },
      30_000,
    );
    expect(head.height).toBeGreaterThan(0);
    const line = expectEvent(await containerLog(container), "backend chosen");
    // There is no binding for others (docs/adr/0006-secp256k1-backends.md).
    const architecture = await docker("image", "inspect", "-f", "{{.Architecture}}", IMAGE);
    expect(line).toContain(architecture === "amd64" ? "libsecp256k1 linux-x64" : "WebAssembly");
  }, 40_000);

  test("writes as 65532, to its volume alone", async () => {
    const owners = await docker(
      "run",
      "--rm",
      "-v",
      `${volume}:/data:ro`,
      HELPER_IMAGE,
      "sh",
      "-c",
      "stat -c %u:%g /data /data/chain/chain.sqlite /data/node.key",
    );
    expect(owners.split("\n")).toEqual(["65532:65532", "65532:65532", "65532:65532"]);
    // Mount points of Docker's own aside, the container's layer is as it was.
    const changed = (await docker("diff", container))
      .split("\n")
      .filter((line) => line.startsWith("A") || line.startsWith("D"));
    expect(changed).toEqual([]);
  });

  test("says whose a folder is that it can't write", async () => {
    const folder = ["--mount", "type=tmpfs,destination=/var/aureon,tmpfs-mode=0755"];
    const { exitCode, output } = await tryRun(["docker", "run", "--rm", ...folder, IMAGE]);
    expect(exitCode).toBe(2);
    expect(output).toContain("it belongs to user 0, and this process is user 65532");
  });

  test("becomes healthy by the image's own check", async () => {
    const isHealthy = async () => (await inspect(container, ".State.Health.Status")) === "healthy";
    expect(await until("a healthy container", isHealthy, 40_000)).toBe(true);
  }, 50_000);

  test("ends within two seconds of SIGTERM, with 0, and goes on with its chain", async () => {
    const before = await succeeded(client.head());
    const signalMs = Date.now();
    await docker("kill", "--signal", "TERM", container);
    expect(await docker("wait", container)).toBe("0");
    // By Docker's clock, since its commands take their time on a busy machine.
    const finishedMs = Date.parse((await inspect(container, ".State.FinishedAt")) ?? "");
    expect(finishedMs - signalMs).toBeLessThan(STOP_TIMEOUT_MS);
    await docker("start", container);
    const after = await until(
      "the head after the start",
      async () => {
        const answer = await client.block(before.height);
        return answer.ok ? answer.value : undefined;
      },
      30_000,
    );
    expect(after.hash).toBe(before.hash);
  }, 40_000);
});

describe("the image for development", () => {
  test("has the source, the packages, make and the tools, and needs no network for them", async () => {
    const tools = "for tool in bash curl git jq make nc ps; do command -v $tool || exit 1; done";
    const command = `${tools}; make check && bun test ./test/unit/client && aureon version`;
    const { output } = await run(["docker", "run", "--rm", "--network", "none", DEV_IMAGE, "bash", "-c", command], {
      timeoutMs: DEVELOPMENT_TIMEOUT_MS,
    });
    expect(output).not.toMatch(/\n [1-9]\d* (?:fail|skip)\n/);
    expect(output.match(/\n 0 fail\n/g)).toHaveLength(2);
    expect(output).toMatch(/^aureon \d/m);
  }, 150_000);
});

describe("a volume that the node can't write", () => {
  test("is named in what it says, and the container ends", async () => {
    const folder = ["--tmpfs", "/var/aureon:uid=0,mode=755"];
    const { exitCode, output } = await tryRun(["docker", "run", "--rm", "--network", "none", ...folder, IMAGE]);
    expect(exitCode).toBe(2);
    expect(output).toContain("/var/aureon");
  }, 30_000);
});
