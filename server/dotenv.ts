import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./places";

/**
 * Imported first by every entry: `.env` beside package.json is read before anything else is, since Next would read it too
 * and half a configuration is worse than none. What is set outside wins.
 */
const file = path.join(ROOT, ".env");
if (existsSync(file)) process.loadEnvFile(file);
