import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withFieldTables } from "@/lib/manual/field-tables";

/** `npm run field-docs`: the tables of fields in docs/audit-logs.md. A test fails where they are behind the declarations. */
const file = path.join(import.meta.dirname, "../docs/audit-logs.md");
writeFileSync(file, withFieldTables(readFileSync(file, "utf8")));
console.log(`wrote ${path.relative(process.cwd(), file)}`);
