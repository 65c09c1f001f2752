import type { z } from "zod";
import { AppError } from "@/lib/errors/app-error";
import { faultsOf, wordFault } from "@/lib/errors/wording";

/** What a form sent, checked. @throws AppError 422 with a pointer and a message per fault */
export function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input, { error: wordFault });
  if (result.success) return result.data;
  throw new AppError("invalid_request", {
    detail: "Some fields need another value.",
    errors: faultsOf(result.error).map(({ path, message }) => ({ pointer: `/${path.join("/")}`, message })),
  });
}
