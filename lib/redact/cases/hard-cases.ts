import type { Dialect } from "../dialects/dialects.ts";

/** Texts and what is to be left of them in each of the dialects; § stands for any digit. */
export interface HardCases {
  readonly dialects: readonly Dialect[];
  readonly cases: readonly (readonly [sql: string, shows: string])[];
}
