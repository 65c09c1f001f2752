#!/usr/bin/env node
// The command `affidavit`: loads TypeScript without a build step, from any folder.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

// As the server does: `.env` of the checkout, for whatever is not set outside. It may say where the data folder is.
const dotenv = fileURLToPath(new URL("../.env", import.meta.url));
if (existsSync(dotenv)) process.loadEnvFile(dotenv);
register({ tsconfig: false });
const { runProcess } = await import("./affidavit.ts");
await runProcess();
