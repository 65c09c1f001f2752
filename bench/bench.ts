import { parseArgs } from "node:util";
import { ensurePrismaClient } from "../scripts/generate-prisma";
import { type Figure, print } from "./report";

const BENCHES: Record<string, { rows: number; run: (rows: number) => Promise<Figure[]> }> = {
  ingest: { rows: 90_000, run: async (rows) => (await import("./ingest")).benchIngest(rows) },
  tail: { rows: 20_000, run: async (rows) => (await import("./tail")).benchTail(rows) },
  search: { rows: 1_000_000, run: async (rows) => (await import("./search")).benchSearch(rows) },
  redact: { rows: 60, run: async (runs) => (await import("./redact")).benchRedact(runs) },
  collect: { rows: 60_000, run: async (rows) => (await import("./collect")).benchCollect(rows) },
  export: { rows: 100_000, run: async (rows) => (await import("./export")).benchExport(rows) },
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: "string" }, json: { type: "boolean", default: false } },
});
const chosen = BENCHES[positionals[0] ?? ""];
const rows = values.rows === undefined ? chosen?.rows : Number(values.rows);
if (!chosen || !Number.isSafeInteger(rows) || !rows || rows < 1) {
  console.error(`npm run bench -- <${Object.keys(BENCHES).join("|")}> [--rows N] [--json]`);
  process.exit(2);
}
ensurePrismaClient();
print(await chosen.run(rows), values.json);
process.exit(0);
