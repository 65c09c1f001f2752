import { AppError } from "@/lib/errors/app-error";
import type { KindDef } from "@/lib/log-kinds/define";
import { type Filter, parseFilterParams, QUERY_PARAM } from "./filter";
import { askedOf } from "./language/check";

/**
 * Query parameters → filter: the strict form's, and `q` in the query language. Never ignores one.
 * @throws AppError 400 `invalid_query`
 */
export function readFilter(params: Iterable<readonly [string, string]>, kinds: readonly KindDef[]): Filter {
  const all = [...params];
  const [text, again] = all.flatMap(([name, value]) => (name === QUERY_PARAM ? [value] : []));
  if (again !== undefined) {
    const message = "was given twice: write both into one, beside one another";
    throw new AppError("invalid_query", {
      detail: `${QUERY_PARAM} ${message}`,
      errors: [{ pointer: QUERY_PARAM, message }],
    });
  }
  const strict = parseFilterParams(
    all.filter(([name]) => name !== QUERY_PARAM),
    kinds,
  );
  const asked = text === undefined ? undefined : askedOf(text, kinds);
  return asked ? [...strict, asked] : strict;
}
