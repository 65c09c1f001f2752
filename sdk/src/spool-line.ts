import { canonicalJson } from "./canonical-json.ts";
import type { Prepared } from "./emitter.ts";
import type { AffidavitError } from "./error.ts";

/**
 * One line of a spool: RFC 8785 JSON of `{app_id?, event, spooled_at}`. Both clients write it byte for byte alike, and
 * read the event as it stands: what is sent later is what was recorded.
 */
export interface SpoolLine {
  appId: string | undefined;
  event: Prepared;
  /** ms since epoch. */
  spooledAt: number;
}

export function writeLine(event: Prepared, appId: string | undefined, spooledAt: Date): string {
  const app = appId === undefined ? "" : `"app_id":${JSON.stringify(appId)},`;
  return `{${app}"event":${event.json},"spooled_at":"${spooledAt.toISOString()}"}\n`;
}

const LINE = /^\{(?:"app_id":"(?:[^"\\]|\\.)*",)?"event":(\{.*\}),"spooled_at":"[^"]+"\}$/s;

interface ParsedLine {
  app_id?: string;
  event: { id?: unknown };
  spooled_at: string;
}

/** Undefined for a line that is damaged: by a crash in the middle of a write, or by hand. */
export function readLine(text: string): SpoolLine | undefined {
  try {
    const parsed = JSON.parse(text) as ParsedLine;
    const spooledAt = Date.parse(parsed.spooled_at);
    const { id } = parsed.event;
    if (typeof id !== "string" || Number.isNaN(spooledAt)) return undefined;
    // The text between, not what JSON.parse made of it; only a line that somebody edited is written anew.
    const json = LINE.exec(text)?.[1] ?? canonicalJson(parsed.event);
    return { appId: parsed.app_id, event: { id, json, bytes: Buffer.byteLength(json) }, spooledAt };
  } catch {
    return undefined;
  }
}

/** A line of `refused.ndjson`. @param json the event, or the text of a damaged line as a JSON string */
export function writeRefused(json: string, appId: string | undefined, error: AffidavitError): string {
  const app = appId === undefined ? "" : `"app_id":${JSON.stringify(appId)},`;
  const problem = canonicalJson(error.problem ?? { code: error.code, detail: error.message, status: error.status });
  return `{${app}"event":${json},"problem":${problem},"refused_at":"${new Date().toISOString()}"}\n`;
}
