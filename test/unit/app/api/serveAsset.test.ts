// Files as they are and compressed ones: who gets which bytes under which headers.

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveAsset } from "../../../../src/app/api/serveAsset.ts";

const folder = mkdtempSync(join(tmpdir(), "aureon-asset-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = "body { color: black; }\n".repeat(100);
const plain = join(folder, "page.css");
const compressed = join(folder, "page.css.gz");
writeFileSync(plain, text);
writeFileSync(compressed, Bun.gzipSync(text));

function ask(path: string, acceptEncoding?: string): Promise<Response> {
  const headers = acceptEncoding === undefined ? undefined : { "accept-encoding": acceptEncoding };
  return serveAsset(path, "text/css")(new Request("http://localhost/page.css", { headers }));
}

test("a plain file goes out as it is, whatever is accepted", async () => {
  const response = await ask(plain, "gzip");
  expect(response.headers.get("content-encoding")).toBeNull();
  expect(response.headers.get("content-type")).toBe("text/css");
  expect(await response.text()).toBe(text);
});

test.each(["gzip", "gzip, deflate, br, zstd", "br;q=1.0, GZIP;q=0.5", "deflate,*", "gzip; q=0.05, br"])(
  "a compressed file goes out compressed to who accepts %j",
  async (accepted) => {
    const response = await ask(compressed, accepted);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("content-type")).toBe("text/css");
    expect(response.headers.get("vary")).toBe("accept-encoding");
    expect(new TextDecoder().decode(Bun.gunzipSync(await response.arrayBuffer()))).toBe(text);
  },
);

test.each([undefined, "", "identity", "br", "gzip;q=0", "gzip; q=0.0, br", "x-gzip-not"])(
  "a compressed file is unpacked for who accepts %j",
  async (accepted) => {
    const response = await ask(compressed, accepted);
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("vary")).toBe("accept-encoding");
    expect(await response.text()).toBe(text);
  },
);
