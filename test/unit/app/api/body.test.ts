// Bodies that do not come as they were announced. What routes make of whole ones is in routes/submit.test.ts.

import { expect, test } from "bun:test";
import { readJsonBody } from "../../../../src/app/api/body.ts";

const rules = { sizeBytesMax: 100, isHostKnown: () => true };
const headers = { "content-type": "application/json" };

function read(body: ReadableStream<Uint8Array>) {
  return readJsonBody(new Request("http://localhost/", { method: "POST", headers, body }), rules);
}

test("a body whose sender goes away is refused, and is no fault of the node", async () => {
  const cut = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"amount":'));
    },
    pull(controller) {
      controller.error(new Error("the connection was closed"));
    },
  });
  const message = "the body could not be read to its end: the connection was closed";
  expect(await read(cut)).toMatchObject({ ok: false, refusal: { code: "invalid_json", message } });
});

test("an endless body is left as soon as it is too large", async () => {
  let sentBytes = 0;
  let isLeft = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sentBytes += 40;
      controller.enqueue(new Uint8Array(40).fill(0x20));
    },
    cancel() {
      isLeft = true;
    },
  });
  expect(await read(endless)).toMatchObject({ ok: false, refusal: { code: "body_too_large" } });
  expect(isLeft).toBe(true);
  expect(sentBytes).toBeLessThan(400);
});
