import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commands } from "@/cli/affidavit";
import { withOptionTables } from "@/cli/help";

/** `npm run cli-docs`: the tables of options in docs/cli.md. A test fails where they are behind the commands. */
const file = path.join(import.meta.dirname, "../docs/cli.md");
writeFileSync(file, withOptionTables(readFileSync(file, "utf8"), commands));
console.log(`wrote ${path.relative(process.cwd(), file)}`);
