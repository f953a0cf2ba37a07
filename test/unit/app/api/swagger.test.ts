// The Swagger page and its files: all there, all from this node.

import { describe, expect, test } from "bun:test";
import { createApi } from "../../../../src/app/api/index.ts";
import { createTestNode, silentLogger } from "../../../support/inProcessNode.ts";

const app = createApi({
  node: createTestNode().handle,
  wallet: undefined,
  version: "1",
  logger: silentLogger,
  config: { host: "127.0.0.1", hostsAllowed: [], corsOrigins: [], bodySizeBytesMax: 4096 },
});
const get = (path: string) => app.handle(new Request(`http://localhost${path}`));

describe("the page", () => {
  test("names nothing outside this node", async () => {
    const response = await get("/swagger");
    const html = await response.text();
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html).not.toMatch(/https?:|\/\//);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  test("has every file that it names, with the right type", async () => {
    const html = await (await get("/swagger")).text();
    const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path as string);
    const types = await Promise.all(
      paths.map(async (path) => {
        const response = await get(path);
        expect([path, response.status]).toEqual([path, 200]);
        expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
        return response.headers.get("content-type")?.split(";")[0];
      }),
    );
    expect(types).toEqual(["image/png", "text/css", "text/javascript", "text/javascript"]);
  });

  test("asks no public validator", async () => {
    expect(await (await get("/swagger/start.js")).text()).toContain("validatorUrl: null");
  });
});
