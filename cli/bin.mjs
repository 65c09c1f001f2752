#!/usr/bin/env node
// The command `affidavit`: runs TypeScript without a build step, from any folder.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadCommandLine } from "./bundle.mjs";

// As the server does: `.env` of the checkout, for whatever is not set outside. It may say where the data folder is.
const dotenv = fileURLToPath(new URL("../.env", import.meta.url));
if (existsSync(dotenv)) process.loadEnvFile(dotenv);
const { runProcess } = await loadCommandLine();
await runProcess();
