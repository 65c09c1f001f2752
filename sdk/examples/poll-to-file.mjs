#!/usr/bin/env node
/**
 * Copies every row of a log into a file, one JSON line a row, and goes on for ever. May be killed at any moment: it loses
 * no row, and what it writes twice has the same `id`.
 *
 *   AFFIDAVIT_URL=https://audit.example.com AFFIDAVIT_API_KEY=afd_live_… \
 *     node poll-to-file.mjs rows.ndjson [--every 5m] [--limit 500] [--once]
 *
 * The place in the log is kept beside the file, in `rows.ndjson.cursor`. For a warehouse replace `writeRows`: insert the
 * rows with `id` as the key, ignoring those that are there.
 */
import { open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { Affidavit } from "@affidavit/sdk";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: "string", default: "5m" },
    limit: { type: "string", default: "500" },
    once: { type: "boolean", default: false },
  },
});
const [file] = positionals;
const every = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(values.every);
if (!file || !every) {
  console.error("Usage: node poll-to-file.mjs FILE [--every 5m] [--limit 500] [--once]");
  process.exit(2);
}
const cursorFile = `${file}.cursor`;
const pollMs = Number(every[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[every[2]];

async function syncFolder() {
  const folder = await open(path.dirname(path.resolve(file)), "r");
  await folder.sync();
  await folder.close();
}

/** A crash may have left half a line at the end. Its row is not behind the cursor yet and comes again. */
async function repair(handle) {
  const { size } = await handle.stat();
  const chunk = Buffer.alloc(65_536);
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const newline = chunk.subarray(0, bytesRead).lastIndexOf(10);
    if (newline >= 0) {
      end = start + newline + 1;
      break;
    }
    end = start;
  }
  if (end < size) await handle.truncate(end);
}

async function writeRows(handle, rows) {
  if (rows.length === 0) return;
  await handle.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await handle.datasync();
}

/** Whole or not at all: a new file takes the old one's place. */
async function saveCursor(cursor) {
  const fresh = await open(`${cursorFile}.new`, "w");
  await fresh.writeFile(cursor);
  await fresh.sync();
  await fresh.close();
  await rename(`${cursorFile}.new`, cursorFile);
  await syncFolder();
}

async function loadCursor() {
  try {
    return await readFile(cursorFile, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());

const client = new Affidavit({ url: process.env.AFFIDAVIT_URL, apiKey: process.env.AFFIDAVIT_API_KEY });
const handle = await open(file, "a+");
await repair(handle);
await syncFolder();

const pages = client.tail({
  after: await loadCursor(),
  limit: Number(values.limit),
  follow: !values.once,
  pollMs,
  signal: stop.signal,
});
for await (const { events, cursor } of pages) {
  // The order is the whole trick: first the rows, safely; then the place.
  await writeRows(handle, events);
  await saveCursor(cursor);
}
await handle.close();
await client.close();
