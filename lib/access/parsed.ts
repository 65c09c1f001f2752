import type { z } from "zod";
import { AppError } from "@/lib/errors/app-error";

/** What a form sent, checked. @throws AppError 422 with a pointer and a message per fault */
export function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AppError("invalid_request", {
    detail: "Some fields need another value.",
    errors: result.error.issues.map((issue) => ({ pointer: `/${issue.path.join("/")}`, message: issue.message })),
  });
}
