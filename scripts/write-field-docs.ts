import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withCsvColumns } from "@/lib/manual/csv-lists";
import { withFieldTables } from "@/lib/manual/field-tables";

/**
 * `npm run field-docs`: the tables of fields in docs/audit-logs.md and the columns in docs/csv.md. A test fails where they
 * are behind the declarations.
 */
const pages = { "docs/audit-logs.md": withFieldTables, "docs/csv.md": withCsvColumns };
for (const [page, write] of Object.entries(pages)) {
  const file = path.join(import.meta.dirname, "..", page);
  writeFileSync(file, write(readFileSync(file, "utf8")));
  console.log(`wrote ${page}`);
}
