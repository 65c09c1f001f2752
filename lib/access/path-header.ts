/** Set by proxy.ts: path and query of the page that was asked for, which a server component cannot see otherwise. */
export const PATH_HEADER = "x-affidavit-path";
