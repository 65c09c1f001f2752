/** A path of this site from a `next` parameter; anything that could lead elsewhere becomes the start page. */
export function returnPath(asked: unknown): string {
  if (typeof asked !== "string" || !asked.startsWith("/")) return "/";
  // Browsers read "//host", "/\host" and, dropping tabs and line feeds, "/\t/host" as another site.
  const origin = "http://localhost";
  if (!URL.canParse(asked, origin)) return "/";
  const url = new URL(asked, origin);
  return url.origin === origin ? url.pathname + url.search : "/";
}
