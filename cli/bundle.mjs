import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/*
 * The command line as one file of JavaScript, made when it is first called and again when a source has changed. To load
 * its hundred files of TypeScript one by one took 0.6 s of computing, the bundle takes 0.16 s (an empty Node 0.08 s).
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ENTRY = "cli/affidavit.ts";
/** Below node_modules, so that a new installation, which may bring other packages, begins without it. */
const BUNDLE = path.join(ROOT, "node_modules/.cache/affidavit-cli/affidavit.mjs");
/** What a bundle depends on beside its sources. */
const ALWAYS = ["cli/bundle.mjs", "package-lock.json"];

/**
 * @param {string} file
 * @param {number} began what was written since then may not be what was read
 * @returns what changes when the file does
 */
function markOf(file, began) {
  const stat = statSync(path.join(ROOT, file), { throwIfNoEntry: false });
  if (stat && stat.mtimeMs >= began) return "written meanwhile";
  return stat ? `${stat.mtimeMs} ${stat.size}` : "absent";
}

/** @param {readonly string[]} files @returns what the bundle was made from, for its first line */
const stampOf = (files, began = Number.POSITIVE_INFINITY) =>
  JSON.stringify({ root: ROOT, files: Object.fromEntries(files.map((file) => [file, markOf(file, began)])) });

/** @param {string} bundle */
function isFresh(bundle) {
  try {
    const stamp = readFileSync(bundle, "utf8").split("\n", 1)[0]?.slice("// ".length) ?? "";
    return stampOf(Object.keys(JSON.parse(stamp).files)) === stamp;
  } catch {
    return false; // There is none yet, or it is damaged.
  }
}

/** @param {string} bundle */
async function make(bundle) {
  const began = Date.now();
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // It stands for every source beside it: all that they ask is where the checkout is.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(path.join(ROOT, ENTRY)).href) },
    // PostgreSQL's parser finds its WASM beside itself, and is loaded by the commands that parse only.
    external: ["libpg-query"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const sources = Object.keys(metafile.inputs).filter((file) => !file.startsWith("node_modules/"));
  mkdirSync(path.dirname(bundle), { recursive: true });
  const fresh = `${bundle}.${process.pid}`;
  try {
    writeFileSync(fresh, `// ${stampOf([...sources, ...ALWAYS], began)}\n${outputFiles[0]?.text}`);
    // In one step: another command may be loading it.
    renameSync(fresh, bundle);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * The module of the command line, from a fresh bundle; where none can be written, as in another user's checkout, from
 * the sources.
 * @returns {Promise<typeof import("./affidavit.ts")>}
 */
export async function loadCommandLine(bundle = BUNDLE) {
  try {
    if (!isFresh(bundle)) await make(bundle);
  } catch {
    const { register } = await import("tsx/esm/api");
    register({ tsconfig: false });
    return import("./affidavit.ts");
  }
  return import(pathToFileURL(bundle).href);
}
