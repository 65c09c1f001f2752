import path from "node:path";

export const SDK = path.resolve(import.meta.dirname, "..");
export const ROOT = path.resolve(SDK, "..");
