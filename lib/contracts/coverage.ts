import { z } from "zod";

/** Whether the settings of a data source mean that its statements will be recorded. */
export const COVERAGE_LEVELS = ["ok", "warning", "error"] as const;

export const CoverageFinding = z.strictObject({
  level: z.enum(COVERAGE_LEVELS).meta({
    description: "`error`: nothing is recorded. `warning`: not everything, or not all of it. `ok`: as it should be.",
    example: "error",
  }),
  setting: z.string().meta({ description: "The setting that decides it.", example: "log_min_duration_statement" }),
  value: z
    .string()
    .nullable()
    .meta({ description: "What it is; null: it cannot be read or is not there.", example: "-1" }),
  message: z.string().meta({ description: "What that means.", example: "No statement is written to the log." }),
  fix: z.string().nullable().meta({
    description: "SQL that mends it, to be run by a superuser of the source; null: there is nothing to mend.",
    example: "ALTER SYSTEM SET log_min_duration_statement = 0;\nSELECT pg_reload_conf();",
  }),
});

export const Coverage = z.strictObject({
  level: z.enum(COVERAGE_LEVELS).meta({ description: "The worst of its findings.", example: "error" }),
  findings: z.array(CoverageFinding).meta({ description: "The worst first." }),
  log_dir: z.string().nullable().meta({
    description:
      "Where the server writes its log files; null: the role may not know it (`GRANT pg_read_all_settings` lets it).",
    example: "/var/lib/postgresql/18/main/log",
  }),
});

export type CoverageLevel = (typeof COVERAGE_LEVELS)[number];
export type CoverageFinding = z.output<typeof CoverageFinding>;
export type Coverage = z.output<typeof Coverage>;
