// The OpenAPI 3.0.3 document, which @elysiajs/swagger puts together from the routes' descriptions. The plugin copies a
// route's `detail` as it is, so the schemas are turned from JSON Schema into OpenAPI's own dialect here.

import { swagger } from "@elysiajs/swagger";
import type { TSchema } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { SERVER_ERRORS } from "../../client/index.ts";
import type { BodyExamples } from "./requestSchemas.ts";
import { ROUTE_TAGS, type Route } from "./route.ts";
import { errorBody } from "./schemas.ts";

type OpenApiObject = Record<string, unknown>;

const SPEC_PATH = "/swagger/json";
const COMPONENT_PREFIX = "#/components/schemas/";

function isNullType(schema: TSchema): boolean {
  return schema.type === "null";
}

/** Turns schemas into OpenAPI's, and collects those with an `$id` as components. */
class SchemaWriter {
  readonly components: Record<string, OpenApiObject> = {};

  write(schema: TSchema): OpenApiObject {
    const id = schema.$id;
    if (id === undefined) return this.writeInline(schema);
    this.components[id] ??= this.writeInline(schema);
    return { $ref: `${COMPONENT_PREFIX}${id}` };
  }

  private writeInline(schema: TSchema): OpenApiObject {
    const { $id: _id, examples, anyOf, properties, patternProperties, items, ...rest } = schema;
    const result: OpenApiObject = { ...rest };
    if (Array.isArray(examples)) result.example = examples[0];
    if (anyOf !== undefined) return this.writeNullable(anyOf as readonly TSchema[]);
    if (properties !== undefined) {
      const entries = Object.entries(properties as Record<string, TSchema>);
      result.properties = Object.fromEntries(entries.map(([name, property]) => [name, this.write(property)]));
    }
    if (patternProperties !== undefined) {
      const [values] = Object.values(patternProperties as Record<string, TSchema>);
      result.additionalProperties = values === undefined ? true : this.write(values);
    }
    if (items !== undefined) result.items = this.write(items as TSchema);
    return result;
  }

  /** The only unions that the schemas have are of something and null, which OpenAPI 3.0 has no type for. */
  private writeNullable(members: readonly TSchema[]): OpenApiObject {
    const [member] = members.filter((schema) => !isNullType(schema));
    return member === undefined ? { nullable: true } : { ...this.writeInline(member), nullable: true };
  }
}

function jsonContent(schema: OpenApiObject, examples?: BodyExamples): OpenApiObject {
  return { "application/json": examples === undefined ? { schema } : { schema, examples } };
}

function errorResponses(route: Route, writer: SchemaWriter): OpenApiObject {
  const byStatus = Map.groupBy([...route.errors, "internal" as const], (code) => SERVER_ERRORS[code].httpStatus);
  const entries = [...byStatus].map(([httpStatus, codes]) => {
    const description = codes.map((code) => `\`${code}\`: ${SERVER_ERRORS[code].meaning}`).join("\n\n");
    return [String(httpStatus), { description, content: jsonContent(writer.write(errorBody)) }];
  });
  return Object.fromEntries(entries);
}

function parametersOf(route: Route, writer: SchemaWriter): readonly OpenApiObject[] {
  const describe = (name: string, schema: TSchema, place: { in: string; required: boolean }) => {
    const { description, ...rest } = writer.write(schema);
    return { name, ...place, description, schema: rest };
  };
  return [
    ...Object.entries(route.parameters ?? {}).map(([name, schema]) =>
      describe(name, schema, { in: "path", required: true }),
    ),
    ...Object.entries(route.query?.properties ?? {}).map(([name, schema]) =>
      describe(name, schema, { in: "query", required: false }),
    ),
  ];
}

function operationId(route: Route): string {
  const words = route.path.split(/[/:-]+/).filter((word) => word !== "");
  const named = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return `${route.method.toLowerCase()}${named || "Index"}`;
}

function describeRoute(route: Route, writer: SchemaWriter): OpenApiObject {
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    parameters: parametersOf(route, writer),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonContent(writer.write(route.body), route.bodyExamples) } }),
    responses: {
      "200": { description: "Done.", content: jsonContent(writer.write(route.answer)) },
      ...errorResponses(route, writer),
    },
  };
}

/** The document as JSON text. */
export async function createOpenApiDocument(options: { routes: readonly Route[]; version: string }): Promise<string> {
  const writer = new SchemaWriter();
  const details = options.routes.map((route) => ({ route, detail: describeRoute(route, writer) }));
  // The plugin lives in an application of its own, which serves nobody: its page would load scripts from elsewhere.
  const app = new Elysia().use(
    swagger({
      provider: "swagger-ui",
      specPath: SPEC_PATH,
      documentation: {
        info: {
          title: "Aureon node API",
          version: options.version,
          description:
            "Amounts, heights, nonces and gas are JSON numbers up to 2^53-1; hashes, addresses and bytes are 0x hex. A " +
            'refused request answers `{"status":"error","error":{"code","message","details"}}`.',
          license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        tags: Object.entries(ROUTE_TAGS).map(([name, description]) => ({ name, description })),
        components: { schemas: writer.components as never },
      },
    }),
  );
  for (const { route, detail } of details) {
    app.route(route.method, route.path, () => "", { detail: detail as never });
  }
  const response = await app.handle(new Request(`http://localhost${SPEC_PATH}`));
  return response.text();
}
