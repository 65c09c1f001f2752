import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "../errors/codes";

/** What every failing answer holds: RFC 9457. */
const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

export const Problem = z
  .looseObject({
    type: z
      .string()
      .meta({ description: "urn:affidavit:error:<code>", example: "urn:affidavit:error:invalid_request" }),
    title: z.string().meta({ description: "The code in words.", example: "The request is not valid" }),
    status: z.number().int().meta({ description: "As the answer's own.", example: 422 }),
    code: z.enum(codes).meta({ description: "Go by this one.", example: "invalid_request" }),
    detail: z.string().meta({
      description: "What is wrong and what to do, for people.",
      example: "Nothing was stored: mend the fault below and send the request again.",
    }),
    request_id: z
      .string()
      .meta({ description: "By which the server's own log has it.", example: "req_5f0c1e9a7b3d42f68a10" }),
    errors: z
      .array(
        z.strictObject({
          pointer: z
            .string()
            .meta({ description: "JSON Pointer into the body, or a parameter's name.", example: "/events/3/outcome" }),
          message: z.string().meta({
            description: "Read after the name of what is at fault.",
            example: "must be one of: success, policy_denial, provider_error, network_error",
          }),
          start: z.int().min(0).optional().meta({
            description: "In the query of `q`: where it begins, in UTF-16 units.",
            example: 8,
          }),
          end: z.int().min(0).optional().meta({ description: "And where it ends, exclusive.", example: 14 }),
        }),
      )
      .meta({ description: "One a fault, at most 20." }),
  })
  .meta({ id: "Problem", description: "A failing answer, `application/problem+json` (RFC 9457)." });
