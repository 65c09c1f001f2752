import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.join(import.meta.dirname, "..");
const filesIn = (folder: string) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file));

/** Folders of app/ that answer, as patterns: groups are no part of an address, `[id]` is any one segment. */
const ROUTES = filesIn("app")
  .filter((file) => /[\\/](page\.tsx|route\.ts)$/.test(file))
  .map((file) => {
    const segments = path.dirname(file).split(path.sep).slice(1);
    const shown = segments.filter((segment) => !segment.startsWith("("));
    const pattern = shown.map((segment) => (segment.startsWith("[") ? "[^/]+" : segment.replaceAll(".", "\\.")));
    return new RegExp(`^/${pattern.join("/")}$`);
  });

/** Addresses of our own pages as they stand in the source; what is filled in is one segment. */
function linksIn(text: string): string[] {
  const links = text.matchAll(/["'`](\/(?:settings|logs|account|docs)(?:\/(?:\$\{[^}]*\}|[\w.-])+)*)(?=["'`?#])/g);
  return [...links].map(([, link = ""]) => link.replaceAll(/\$\{[^}]*\}/g, "x"));
}

test("each address of a page of ours that components and pages name leads to a page", () => {
  const sources = [...filesIn("app"), ...filesIn("components")].filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  const links = sources.flatMap((file) =>
    linksIn(readFileSync(path.join(ROOT, file), "utf8")).map((link) => ({ file, link })),
  );
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ link }) => !ROUTES.some((route) => route.test(link)))).toEqual([]);
});
