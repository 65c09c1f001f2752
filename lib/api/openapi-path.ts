import "server-only";
import { z } from "zod";
import type { Permission } from "@/lib/access/policy";
import { Problem } from "@/lib/contracts/problem";
import { ERROR_CODES, type ErrorCode } from "@/lib/errors/codes";
import { permissionsOf, type RouteContract } from "./contract";
import { filterParameters } from "./kind-schemas";
import type { OperationDoc } from "./operation-doc";
import { COMMON_ERRORS, OPERATIONS } from "./operations";

const problemContent = { "application/problem+json": { schema: Problem } };

/** One entry a status, which names the codes that it may carry. */
function problemResponses(errors: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...new Set([...COMMON_ERRORS, ...errors])]) {
    const { status } = ERROR_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const entries = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    entries.map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join(" "),
        content: problemContent,
      },
    ]),
  );
}

/** A window is optional to the parser, so that its absence has a code of its own, and required to callers. */
function asCallersSee(query: z.ZodObject): z.ZodObject {
  const required = Object.entries(query.shape)
    .filter(([name]) => name === "from" || name === "to")
    .map(([name, schema]) => [name, z.string().meta({ ...(schema as z.ZodType).meta() })] as const);
  return query.extend(Object.fromEntries(required));
}

/** What `{id}` is the id of, by the folder that it stands in. */
const PATH_IDS = [
  ["/apps/", "Id of the application."],
  ["/api-keys/", "Id of the key."],
  ["/data-sources/", "Id of the data source."],
] as const;

function pathParams(path: string) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const [, what] = PATH_IDS.find(([folder]) => path.includes(folder)) ?? [];
  const id = z.string().meta({ description: what ?? "Id of the row, as its receipt gave it." });
  return names.length > 0 ? { params: z.object(Object.fromEntries(names.map((name) => [name, id]))) } : {};
}

/** A contract as OpenAPI has it. */
export function openApiPath<P extends Permission, Q extends z.ZodObject>(contract: RouteContract<P, Q>) {
  const { method, path, query, headers, body, filters, status = 200, answer, produces, answerHeaders } = contract;
  const { tag, summary, description, errors, sample }: OperationDoc = OPERATIONS[contract.operation];
  const { accepts = ["application/json"] } = contract;
  const scopes = permissionsOf(contract)
    .map((permission) => `\`${permission}\``)
    .join(" or ");
  const documented = asCallersSee(query);
  const example = sample.body === undefined ? {} : { example: sample.body };
  const bodies =
    body && Object.fromEntries(accepts.map((type) => [type, { schema: body, ...(type.endsWith("/json") && example) }]));
  return {
    method,
    path,
    operationId: contract.operation,
    tags: [tag],
    summary,
    description: `${description}\n\nScope: ${scopes}.`,
    security: [{ apiKey: [] }],
    ...(sample.query !== undefined && { "x-sample-query": sample.query }),
    request: {
      ...pathParams(path),
      query: filters ? documented.extend(filterParameters()) : documented,
      ...(headers && { headers }),
      ...(bodies && { body: { required: true, content: bodies } }),
    },
    responses: {
      [status]: {
        description: status === 204 ? "Done; there is no body." : `${summary}.`,
        ...(answerHeaders && { headers: answerHeaders }),
        ...(answer && { content: { [produces ?? "application/json"]: { schema: answer } } }),
      },
      ...problemResponses(errors),
      default: { description: "Any other fault.", content: problemContent },
    },
  };
}
