import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { CLEAN_ENVIRONMENT, ROOT } from "./program";

/** A fenced block of a page that a reader would run or rely on. */
export interface Sample {
  language: "sh" | "ts" | "js" | "python" | "json";
  /** What follows the language: `answer`, `no-run: why`. */
  info: string;
  text: string;
  /** Line of the page on which it begins, from 1. */
  line: number;
}

const FENCE = /^( *)```(\w+)?(?: +(.*))?$/;
const LANGUAGES = new Map<string, Sample["language"]>([
  ["sh", "sh"],
  ["bash", "sh"],
  ["ts", "ts"],
  ["typescript", "ts"],
  ["js", "js"],
  ["javascript", "js"],
  ["python", "python"],
  ["py", "python"],
  ["json", "json"],
]);

/** The samples of a page, in order. */
export function samplesOf(markdown: string): Sample[] {
  const samples: Sample[] = [];
  let open: Sample | "other" | undefined;
  let body: string[] = [];
  for (const [index, line] of markdown.split("\n").entries()) {
    const [isFence, , name = "", info = ""] = FENCE.exec(line) ?? [];
    if (isFence === undefined) body.push(line);
    else if (open) {
      if (open !== "other") samples.push({ ...open, text: body.join("\n") });
      open = undefined;
    } else {
      const language = LANGUAGES.get(name);
      open = language ? { language, info, text: "", line: index + 2 } : "other";
      body = [];
    }
  }
  return samples;
}

interface Reader {
  /** Where the server is; the pages say http://localhost:3000. */
  url: string;
  credentials: { api_key: string; app_id: string; org_id: string };
  /** Files that a reader has. */
  files: Readonly<Record<string, string | Uint8Array>>;
  environment?: Readonly<Record<string, string>>;
  /** The `node_modules` of the checkout that the reader stands in. */
  packages: string;
}

export interface Ran {
  code: number | null;
  /** Standard output of each sample that was begun. */
  outputs: string[];
  /** What went wrong, for a person. */
  report: string;
}

/** As an address: the checkout's path may hold spaces. */
const TSX = pathToFileURL(path.join(ROOT, "node_modules/tsx/dist/esm/index.mjs")).href;

/** Commands that stand for what a reader has installed: `npx` looks nothing up, and curl fails where a request does. */
const SHIMS: Record<string, string> = {
  npx: `exec "$@"`,
  tsx: `exec node --import ${TSX} "$@"`,
  affidavit: `exec node "${ROOT}/cli/bin.mjs" "$@"`,
  curl: `exec "$REAL_CURL" -sS --fail-with-body "$@"`,
};

function furnish(folder: string, { url, credentials, files, packages }: Reader): void {
  mkdirSync(path.join(folder, "data"));
  mkdirSync(path.join(folder, "bin"));
  writeFileSync(path.join(folder, "data/demo-credentials.json"), JSON.stringify({ url, ...credentials }));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  for (const [name, script] of Object.entries(SHIMS)) {
    writeFileSync(path.join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, "bin", name), 0o755);
  }
  symlinkSync(packages, path.join(folder, "node_modules"));
  const paths = { "@/*": [`${ROOT}/*`] };
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { module: "esnext", moduleResolution: "bundler", target: "es2023", paths } }),
  );
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
}

/** One sample as a part of a page's script: the same shell all along, so that variables stay. */
function scriptOf({ language, text }: Sample, index: number, folder: string): string {
  const into = `> out.${index} 2> err.${index}`;
  if (language === "sh") return `{\n${text}\n} ${into} < /dev/null`;
  const name = `sample-${index}.${language === "python" ? "py" : language}`;
  writeFileSync(path.join(folder, name), text);
  const command = { python: "python3", js: "node", ts: `node --import ${TSX}` }[language as "python" | "js" | "ts"];
  return `${command} ${name} ${into}`;
}

const WITHIN_MS = 90_000;

/** Runs samples of one page in order in one shell, and stops at the first that fails. */
export async function runSamples(samples: readonly Sample[], reader: Reader): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), "affidavit-docs-"));
  try {
    furnish(folder, reader);
    const parts = samples.map((sample, index) => `echo ${index} > at\n${scriptOf(sample, index, folder)}`);
    const script = ["set -euo pipefail", ...parts].join("\n").replaceAll("http://localhost:3000", reader.url);
    writeFileSync(path.join(folder, "page.sh"), script);
    const realCurl =
      (process.env.PATH ?? "")
        .split(":")
        .map((place) => path.join(place, "curl"))
        .find(existsSync) ?? "curl";
    const child = spawn("bash", ["page.sh"], {
      cwd: folder,
      timeout: WITHIN_MS,
      stdio: "ignore",
      env: {
        ...CLEAN_ENVIRONMENT,
        HOME: folder,
        PATH: `${folder}/bin:${process.env.PATH}`,
        REAL_CURL: realCurl,
        PYTHONPATH: path.join(ROOT, "sdk/python"),
        ...reader.environment,
      },
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const read = (name: string) =>
      existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), "utf8") : "";
    const at = Number(read("at"));
    const report = `code ${code} in the sample on line ${samples[at]?.line}:\n${samples[at]?.text}\n--- out\n${read(`out.${at}`)}\n--- err\n${read(`err.${at}`)}`;
    return { code, outputs: samples.map((_, index) => read(`out.${index}`)), report };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The JSON value with which an output ends. */
export function lastJson(output: string): unknown {
  const text = output.trim();
  for (const from of [0, text.lastIndexOf("\n{") + 1]) {
    try {
      return JSON.parse(text.slice(from));
    } catch {}
  }
  return undefined;
}

/** Names that a documented value has and the real one lacks, as paths. */
export function missingMembers(documented: unknown, real: unknown, path = ""): string[] {
  if (Array.isArray(documented)) {
    const elements: unknown[] = Array.isArray(real) ? real : [];
    // In its own place, since an array may be a tuple; a longer documented list is one of equals.
    return documented.flatMap((element, index) => missingMembers(element, elements[index] ?? elements[0], `${path}[]`));
  }
  if (typeof documented !== "object" || documented === null) return [];
  const has = typeof real === "object" && real !== null ? (real as Record<string, unknown>) : {};
  return Object.entries(documented).flatMap(([name, value]) =>
    Object.hasOwn(has, name) ? missingMembers(value, has[name], `${path}.${name}`) : [`${path}.${name}`],
  );
}
