#!/usr/bin/env node
// The command `affidavit`: loads TypeScript without a build step, from any folder.
import { register } from "tsx/esm/api";

register({ tsconfig: false });
const { runProcess } = await import("./affidavit.ts");
await runProcess();
