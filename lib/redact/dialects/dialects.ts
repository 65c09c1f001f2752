import { type CompiledReading, compile, type Reading } from "../reading.ts";
import { POSTGRES } from "./postgres.ts";

/** Each dialect as the set of its readings. */
const READINGS = {
  postgres: POSTGRES,
} satisfies Record<string, readonly Reading[]>;

export type Dialect = keyof typeof READINGS | "unknown";

const COMPILED = new Map<string, readonly CompiledReading[]>(
  Object.entries(READINGS).map(([dialect, readings]) => [dialect, readings.map(compile)]),
);

/** Where the dialect is not known, a text must be safe in all of them. */
const ALL = [...COMPILED.values()].flat();

export function readingsOf(dialect: Dialect): readonly CompiledReading[] {
  return COMPILED.get(dialect) ?? ALL;
}
