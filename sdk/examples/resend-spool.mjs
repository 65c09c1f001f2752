#!/usr/bin/env node
/**
 * Sends what a spool holds and the log does not, in order. For a spool that is older than 29 days: the server has forgotten
 * its ids, so the client does not send it, because rows could be stored twice. Here each id is looked up first.
 *
 *   AFFIDAVIT_URL=https://audit.example.com AFFIDAVIT_API_KEY=afd_live_… node resend-spool.mjs FOLDER
 *
 * Move the folder away first, so that no client writes it. The key needs events:read and events:write. May be killed and
 * run again; the folder stays as it is. What retention has deleted meanwhile counts as missing.
 */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Affidavit } from "@affidavit/sdk";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("Usage: node resend-spool.mjs FOLDER");
  process.exit(2);
}
const url = process.env.AFFIDAVIT_URL;
const apiKey = process.env.AFFIDAVIT_API_KEY;

async function isStored(id) {
  const response = await fetch(`${url}/v1/events/${id}`, { headers: { authorization: `Bearer ${apiKey}` } });
  const text = await response.text();
  if (response.ok) return true;
  // Only the server's own word counts: the 404 of a proxy would store everything twice.
  if (response.status === 404 && text.includes('"code":"not_found"')) return false;
  throw new Error(`${url} answered ${response.status}: ${text}`);
}

/** The lines of all files, oldest first. */
async function* linesOf(place) {
  const names = (await readdir(place)).filter((name) => /^\d{12}\.ndjson$/.test(name)).sort();
  for (const name of names)
    for (const line of (await readFile(path.join(place, name), "utf8")).split("\n")) if (line !== "") yield line;
}

async function resend(line) {
  const { event, app_id: appId } = JSON.parse(line);
  if (await isStored(event.id)) return "stored already";
  const client = new Affidavit({ url, apiKey, appId });
  try {
    await client.record(event); // It has its id and its number: it goes as it stands.
  } finally {
    await client.close();
  }
  return "sent";
}

const counts = { sent: 0, "stored already": 0, refused: 0 };
for await (const line of linesOf(folder)) {
  try {
    counts[await resend(line)] += 1;
  } catch (error) {
    // Damaged, or never to be taken; anything else may pass, and then this can be run again.
    if (!(error instanceof SyntaxError || [400, 409, 413, 415, 422].includes(error.problem?.status))) throw error;
    counts.refused += 1;
    console.error(`${error.message}\n  ${line}`);
  }
}
console.log(JSON.stringify(counts));
process.exitCode = counts.refused > 0 ? 1 : 0;
