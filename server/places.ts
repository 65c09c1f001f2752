import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
/** Next's output folder inside it; next.config.js reads the same variable. */
export const NEXT_DIST = process.env.AFFIDAVIT_NEXT_DIST ?? ".next";
