import { writeFileSync } from "node:fs";
import path from "node:path";
import { createApi } from "@/lib/api/app";
import { openApiDocument } from "@/lib/api/routes/openapi";

/** `npm run openapi`: the committed description of the API. A test fails where it is behind the code. */
const file = path.join(import.meta.dirname, "../docs/api/openapi.json");
writeFileSync(file, `${JSON.stringify(openApiDocument(createApi()), null, 2)}\n`);
console.log(`wrote ${path.relative(process.cwd(), file)}`);
