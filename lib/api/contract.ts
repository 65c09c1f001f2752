import "server-only";
import type { z } from "zod";
import type { Permission } from "@/lib/access/policy";
import type { OperationId } from "./operations";

type Method = "get" | "post" | "put" | "patch" | "delete";

/** What a route promises; OpenAPI is printed from it, and the handler gets exactly this, checked. */
export interface RouteContract<P extends Permission, Q extends z.ZodObject> {
  method: Method;
  /** OpenAPI form, `/v1/apps/{id}`. */
  path: string;
  /** Its entry in OPERATIONS: what the reference says of it. */
  operation: OperationId;
  /** Several: any one of them suffices. */
  permission: P | readonly P[];
  query: Q;
  /** Headers that mean something here, for the documentation. */
  headers?: z.ZodObject;
  /** Schema of the JSON body, for small administrative requests. */
  body?: z.ZodType;
  /** Says that further query parameters are filters. */
  filters?: true;
  status?: 200 | 201 | 204;
  answer?: z.ZodType;
  /** Other content than JSON, for the documentation. */
  produces?: string;
  /** Headers of the answer that say something about it, for the documentation. */
  answerHeaders?: z.ZodObject;
  accepts?: readonly string[];
}

/** The permissions of which one is needed. */
export function permissionsOf<P extends Permission>({ permission }: { permission: P | readonly P[] }): readonly P[] {
  return typeof permission === "string" ? [permission] : permission;
}
