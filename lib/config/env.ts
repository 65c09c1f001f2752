import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { z } from "zod";
import { INTAKE } from "../contracts/intake";

/**
 * The only reader of `process.env` in the product. Each entry's description is also what `.env.example` and
 * docs/self-hosting.md say; a test holds `.env.example` against this list.
 * `X_FILE` is read for every secret `X` (container secrets).
 */
const flag = z
  .enum(["0", "1", "true", "false", ""])
  .transform((value) => (value === "" ? undefined : value === "1" || value === "true"))
  .optional();
const port = z.coerce.number({ error: "must be a number from 0 to 65535" }).int().min(0).max(65_535);
const list = z.string().transform((value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);
const BITS: Record<number, number> = { 4: 32, 6: 128 };
/** `10.1.0.0/16`, `fd12::/16` */
function isCidr(text: string): boolean {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  return Number(bits) <= (BITS[isIP(address)] ?? -1);
}

export const variables = {
  PORT: { schema: port.default(3000), example: "3000", about: "TCP port of the portal and the API." },
  AFFIDAVIT_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    example: "https://audit.example.com",
    about: "Public origin: cookies, sign-in and origin checks follow from it. Default http://localhost:$PORT.",
  },
  AFFIDAVIT_HOST: {
    schema: z.string().min(1).optional(),
    example: "0.0.0.0",
    about: "Address to bind. Default 127.0.0.1 with demo data, else 0.0.0.0.",
  },
  HOSTNAME: {
    schema: z.string().optional(),
    example: "127.0.0.1",
    about: "Used as AFFIDAVIT_HOST only when it is an IP address or `localhost` (containers set it to their own name).",
  },
  AFFIDAVIT_DATA_DIR: {
    schema: z.string().default("./data"),
    example: "./data",
    about: "Folder of the embedded database, the server's secret and demo-credentials.json.",
  },
  DATABASE_URL: {
    schema: z.string().optional(),
    secret: true,
    example: "postgresql://affidavit:…@db.internal/affidavit",
    about: "Your own PostgreSQL 15 or newer (session pooling or none). Empty: the embedded one.",
  },
  AFFIDAVIT_SECRET: {
    schema: z.string().min(32).optional(),
    secret: true,
    example: "",
    about:
      "Root secret (32 or more characters); sessions and idempotency digests derive from it. Default: made on first start and kept in the data folder. Set it when several machines share one database.",
  },
  AFFIDAVIT_DEMO: {
    schema: flag,
    example: "1",
    about: "1: make the demo organization also on your own database; 0: never. Default: on the embedded database only.",
  },
  AFFIDAVIT_ALLOW_PRIVATE_DESTINATIONS: {
    schema: list
      .pipe(z.array(z.string().refine(isCidr, "must be CIDR ranges separated by commas, such as 10.1.0.0/16")))
      .optional(),
    example: "10.1.0.0/16",
    about: "CIDR ranges of private networks that outbound requests may reach.",
  },
  AFFIDAVIT_API_KEY: {
    schema: z.string().optional(),
    secret: true,
    example: "",
    about: "Read by the command line `affidavit` only: the API key it writes with. The server does not need it.",
  },
  AFFIDAVIT_STRIP_HEADERS: {
    schema: list.optional(),
    example: "x-internal-token",
    about: "Further header names whose values never reach storage, beside the built-in list.",
  },
  AFFIDAVIT_RATE_EVENTS_PER_MINUTE: {
    schema: z.coerce.number().int().min(0).default(INTAKE.keyEventsPerMinute),
    example: "50000",
    about: "Events a minute per API key; 0 = no limit.",
  },
  AFFIDAVIT_RATE_REQUESTS_PER_10S: {
    schema: z.coerce.number().int().min(0).default(INTAKE.keyRequestsPer10s),
    example: "600",
    about: "Requests per 10 seconds and API key; 0 = no limit.",
  },
  AFFIDAVIT_LOG_LEVEL: {
    schema: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
    example: "info",
    about: "Level of the structured log on stderr. Event contents are never logged.",
  },
  NODE_ENV: {
    schema: z.enum(["production", "development", "test"]).default("production"),
    example: "production",
    about: "development: the portal is compiled as you edit.",
  },
} satisfies Record<string, { schema: z.ZodType; secret?: true; example: string; about: string }>;

type Values = { [K in keyof typeof variables]: z.output<(typeof variables)[K]["schema"]> };
export type Env = Values & {
  /** Absolute data folder. */ dataDir: string;
  /** Somebody named it; else it is the default. */ isDataDirGiven: boolean;
  /** Public origin without a trailing slash. */ publicUrl: string;
  isProduction: boolean;
};

/** Every problem at once, in words for the person who started the program. */
export class EnvError extends Error {}

function read(name: string, source: NodeJS.ProcessEnv, secret: boolean): string | undefined {
  const file = secret ? source[`${name}_FILE`] : undefined;
  const value = file ? readFileSync(file, "utf8").trim() : source[name];
  return value === "" ? undefined : value;
}

/** Reads and checks the whole environment. @throws EnvError listing all problems */
export function parseEnv(source: NodeJS.ProcessEnv): Env {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, { schema, ...rest }] of Object.entries(variables)) {
    try {
      const result = schema.safeParse(read(name, source, "secret" in rest));
      if (result.success) values[name] = result.data;
      else problems.push(`${name}: ${result.error.issues[0]?.message ?? "invalid"}`);
    } catch (error) {
      problems.push(`${name}_FILE: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new EnvError(`The environment is not usable:\n  ${problems.join("\n  ")}`);
  const checked = values as Values;
  return {
    ...checked,
    isDataDirGiven: read("AFFIDAVIT_DATA_DIR", source, false) !== undefined,
    // Without the mark the portal's build takes this for a read of the whole checkout and traces all of it.
    dataDir: path.resolve(/* turbopackIgnore: true */ checked.AFFIDAVIT_DATA_DIR),
    publicUrl: (checked.AFFIDAVIT_URL ?? `http://localhost:${checked.PORT}`).replace(/\/+$/, ""),
    isProduction: checked.NODE_ENV === "production",
  };
}

/** The address that was asked for, or undefined: `HOSTNAME` counts only when a person can have meant it. */
export function requestedHost(values: Pick<Env, "AFFIDAVIT_HOST" | "HOSTNAME">): string | undefined {
  if (values.AFFIDAVIT_HOST) return values.AFFIDAVIT_HOST;
  const name = values.HOSTNAME;
  return name && (isIP(name) !== 0 || name === "localhost") ? name : undefined;
}

let cached: Env | undefined;
/** The checked environment of this process. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}
