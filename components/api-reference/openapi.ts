/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  description?: string;
  example?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: unknown;
  /** A filter, described once for all operations. */
  "x-filter"?: boolean;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Content {
  schema: Schema;
  example?: unknown;
}

export interface Answer {
  description: string;
  content?: Record<string, Content>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, Answer>;
  /** Query string of the sample request. */
  "x-sample-query"?: string;
}

export interface ApiDocument {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, { description: string }> };
  paths: Record<string, Record<string, Operation>>;
}

export interface Endpoint {
  method: string;
  path: string;
  operation: Operation;
}

/** All operations in the document's order. */
export function endpointsOf(document: ApiDocument): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** `CallEvent` of `#/components/schemas/CallEvent`. */
export const refName = (schema: Schema): string | undefined => schema.$ref?.split("/").at(-1);

/** The schema itself where it is a reference. */
export function resolve(document: ApiDocument, schema: Schema): Schema {
  const name = refName(schema);
  return name === undefined ? schema : (document.components.schemas[name] ?? schema);
}

/** The filters that any operation takes, once each. */
export function filtersOf(document: ApiDocument): Parameter[] {
  const filters = endpointsOf(document)
    .flatMap(({ operation }) => operation.parameters ?? [])
    .filter(({ schema }) => schema["x-filter"]);
  return [...new Map(filters.map((filter) => [filter.name, filter])).values()];
}
