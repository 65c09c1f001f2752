import "server-only";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** Beside package.json, where the server is started. */
const folder = () => path.join(/* turbopackIgnore: true */ process.cwd(), "docs");
/** The page about the API lies in a folder of its own, with the OpenAPI document. */
const API_PAGE = { name: "api.md", file: "api/README.md" };

export interface ManualPage {
  /** `quick-start.md` */
  name: string;
  title: string;
  /** The first paragraph, on one line. */
  lead: string;
}

async function files(): Promise<{ name: string; file: string }[]> {
  const names = (await readdir(folder())).filter((name) => /^[a-z-]+\.md$/.test(name)).sort();
  return [...names.map((name) => ({ name, file: name })), API_PAGE];
}

const read = (file: string) => readFile(path.join(/* turbopackIgnore: true */ folder(), file), "utf8");

/** @returns the page's Markdown; undefined where there is no such page */
export async function readManualPage(name: string): Promise<string | undefined> {
  const found = (await files()).find((one) => one.name === name);
  return found && read(found.file);
}

/** Every page with its title and first paragraph. */
export async function listManual(): Promise<ManualPage[]> {
  return Promise.all(
    (await files()).map(async ({ name, file }) => {
      const [heading = "", lead = ""] = (await read(file)).split(/\n{2,}/);
      return { name, title: heading.replace(/^# /, ""), lead: lead.replaceAll("\n", " ") };
    }),
  );
}
