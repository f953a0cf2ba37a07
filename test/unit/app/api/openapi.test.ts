// The OpenAPI document: complete, and in the dialect of 3.0.3. Real answers are held to its schemas in schemas.test.ts.

import { describe, expect, test } from "bun:test";
import { createApi } from "../../../../src/app/api/index.ts";
import { createTestNode, silentLogger } from "../../../support/inProcessNode.ts";

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: { readonly example?: unknown };
  }[];
  readonly requestBody?: {
    readonly content: Record<
      string,
      {
        readonly schema: object;
        readonly examples?: Record<string, { readonly summary: string; readonly value: object }>;
      }
    >;
  };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content: Record<string, { readonly schema: object }> }
  >;
}

interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const app = createApi({
  node: createTestNode().handle,
  wallet: undefined,
  version: "1.2.3",
  logger: silentLogger,
  config: { host: "127.0.0.1", hostsAllowed: [], corsOrigins: [], bodySizeBytesMax: 4096 },
});
const response = await app.handle(new Request("http://localhost/swagger/json"));
const text = await response.text();
const document = JSON.parse(text) as OpenApiDocument;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every object within `value`, itself included. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

describe("the document", () => {
  test("is served as JSON and names the version", () => {
    expect(response.headers.get("content-type")).toBe("application/json");
    expect([document.openapi, document.info.version]).toEqual(["3.0.3", "1.2.3"]);
  });

  test("has each route of the guide", () => {
    expect(operations.map(({ path, method }) => `${method} ${path}`).toSorted()).toEqual([
      "get /",
      "get /account/{address}",
      "get /balance/{address}",
      "get /block/{id}",
      "get /block/{id}/transactions",
      "get /chain/head",
      "get /chain/info",
      "get /contract/{address}",
      "get /contract/{address}/code",
      "get /contract/{address}/events",
      "get /contract/{address}/storage/{key}",
      "get /liveness",
      "get /mempool",
      "get /mempool/{address}",
      "get /peers",
      "get /proof/account/{address}",
      "get /proof/tx/{hash}",
      "get /readiness",
      "get /tx/{hash}",
      "post /call-contract",
      "post /contract/{address}/view",
      "post /deploy-contract",
      "post /estimate-gas",
      "post /submit-tx",
      "post /submit-txs",
    ]);
  });

  test("describes each operation, once", () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { operation } of operations) {
      expect(operation.summary.length).toBeGreaterThan(0);
      expect(tags).toContain(operation.tags[0] ?? "none");
      for (const answer of Object.values(operation.responses)) {
        expect(answer.description.length).toBeGreaterThan(0);
        expect(Object.keys(answer.content)).toEqual(["application/json"]);
      }
    }
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  test("declares each parameter of a path, as required", () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(declared.map(({ name }) => name)).toEqual(inPath as string[]);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  test("lists for submission each status that it can answer with", () => {
    const statuses = Object.keys(document.paths["/submit-tx"]?.post?.responses ?? {});
    expect(statuses.toSorted()).toEqual(["200", "400", "403", "409", "413", "415", "500", "501", "503", "504"]);
  });

  test("lists 503 for what other threads answer", () => {
    const busy = operations.filter(({ operation }) => operation.responses["503"]?.description.includes("`node_busy`"));
    expect(busy.map(({ path }) => path).toSorted()).toEqual([
      "/call-contract",
      "/contract/{address}",
      "/contract/{address}/storage/{key}",
      "/contract/{address}/view",
      "/deploy-contract",
      "/estimate-gas",
      "/mempool",
      "/mempool/{address}",
      "/peers",
      "/proof/account/{address}",
      "/submit-tx",
      "/tx/{hash}",
    ]);
  });

  test("has an example for each parameter", () => {
    for (const { operation } of operations) {
      for (const { schema } of operation.parameters) expect(schema.example).toBeDefined();
    }
  });

  test("has an example for each text and number of an answer", () => {
    const types = ["string", "integer", "boolean"];
    const missing = [...objectsIn(document.components.schemas)].flatMap(({ properties }) =>
      Object.entries((properties ?? {}) as Record<string, Record<string, unknown>>)
        .filter(([, { type, example }]) => types.includes(type as string) && example === undefined)
        .map(([name]) => name),
    );
    expect(missing).toEqual([]);
  });

  test("offers a signed body beside the unsigned one", () => {
    const bodies = ["/submit-tx", "/submit-txs", "/deploy-contract", "/call-contract"].map(
      (path) => document.paths[path]?.post?.requestBody?.content["application/json"]?.examples ?? {},
    );
    for (const examples of bodies) {
      expect(Object.keys(examples)).toEqual(["unsigned", "signed"]);
      expect(JSON.stringify(examples.unsigned?.value)).not.toContain("signature");
      expect(JSON.stringify(examples.signed?.value)).toContain('"signature":"0x');
    }
  });

  test("has no reference that leads nowhere, and no component without one", () => {
    const references = new Set(
      [...objectsIn(document)].flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : [])),
    );
    const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...references].toSorted()).toEqual(components.toSorted());
  });

  test("uses no keyword that OpenAPI 3.0 lacks", () => {
    const foreign = ["$id", "const", "examples", "patternProperties", "anyOf"];
    for (const object of objectsIn(document)) {
      // A media type, beside its schema, may have examples by name.
      const isMediaType = "schema" in object;
      expect(foreign.filter((keyword) => keyword in object && !(isMediaType && keyword === "examples"))).toEqual([]);
      expect(object.type).not.toBe("null");
    }
  });
});
