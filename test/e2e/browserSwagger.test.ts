// The Swagger page of the compiled node in real Chromium that reaches nothing but this machine. Where none is
// installed the tests are reported as skipped; AUREON_CHROMIUM names another executable.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { type RunningBinary, startBinary } from "../support/binary.ts";

const CHROMIUM = process.env.AUREON_CHROMIUM ?? "/usr/bin/chromium";
const SCREENSHOTS = "dist/screenshots";
const WAIT_MS_MAX = 15_000;
const OPERATION_COUNT = 25;

/** Starts Chromium, which resolves no name and reports each request that the page makes or tries. */
async function openPage(url: string) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  page.setDefaultTimeout(WAIT_MS_MAX);
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${url}/swagger`);
  await page.locator(".opblock").first().waitFor();
  return { browser, page, requested, complaints };
}

describe.if(existsSync(CHROMIUM))("Swagger in Chromium", () => {
  let node: RunningBinary;
  let browser: Browser;
  let page: Page;
  let requested: string[];
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    node = await startBinary();
    ({ browser, page, requested, complaints } = await openPage(node.url));
  });

  afterAll(async () => {
    await browser.close();
    await node.stop();
  });

  async function execute(options: { id: string; edit?: (block: ReturnType<Page["locator"]>) => Promise<void> }) {
    const block = page.locator(`[id$="${options.id}"].opblock`);
    await block.locator(".opblock-summary-control").click();
    await options.edit?.(block);
    await block.getByRole("button", { name: "Execute" }).click();
    const row = block.locator(".live-responses-table .response").first();
    await row.waitFor();
    await row.scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${SCREENSHOTS}/swagger-${options.id}.png` });
    const status = await row.locator(".response-col_status").textContent();
    const body = await row.locator(".highlight-code, .microlight").first().textContent();
    return { status: (status ?? "").trim(), body: body ?? "" };
  }

  test("shows every operation", async () => {
    expect(await page.locator(".opblock").count()).toBe(OPERATION_COUNT);
    expect(await page.locator(".info .title").textContent()).toContain("Aureon");
    await page.screenshot({ path: `${SCREENSHOTS}/swagger.png` });
  });

  test("executes GET /chain/head", async () => {
    const { status, body } = await execute({ id: "getChainHead" });
    expect(status).toStartWith("200");
    expect(body).toContain('"stateRoot"');
  });

  const pressed: readonly (readonly [id: string, expected: string])[] = [
    ["postEstimateGas", '"gasLimit"'],
    ["postDeployContract", '"outcome": "success"'],
    ["postCallContract", '"result": 5'],
    ["postContractAddressView", '"result": 5'],
    ["getContractAddress", '"memoryPages": 1'],
    ["getContractAddressCode", '"code": "0x0061736d'],
    ["getContractAddressStorageKey", '"value": "0x05000000"'],
    ["getContractAddressEvents", '"data": "0x05000000"'],
  ];
  test.each(pressed)("executes %s with its example, on a fresh chain in this order", async (id, expected) => {
    const { status, body } = await execute({ id });
    expect([status.slice(0, 3), body]).toEqual(["200", expect.stringContaining(expected)]);
  });

  test("executes POST /submit-tx with its example", async () => {
    const { status, body } = await execute({ id: "postSubmitTx" });
    expect([status.slice(0, 3), body]).toEqual(["200", expect.stringContaining('"hash"')]);
  });

  test("asked nobody but the node, and met no error", () => {
    const elsewhere = requested.filter((url) => !url.startsWith(`${node.url}/`) && !url.startsWith("data:"));
    expect(elsewhere).toEqual([]);
    expect(requested.length).toBeGreaterThan(4);
    expect(complaints).toEqual([]);
  });
});
