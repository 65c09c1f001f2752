/** The server keeps 10,240 bytes. A few more are sent, so that it sees and says that there were more. */
const KEPT_BYTES = 10_240;
const SENT_BYTES = KEPT_BYTES + 4;
/** A body that comes slowly holds the call up for no longer than this, ms. */
const WAIT_MS = 1_000;
/** Whole texts. An event stream never ends, and what is no text would only be noise in a row. */
const TEXT = /^(?:text\/(?!event-stream)|application\/(?:.+\+)?(?:json|xml|x-www-form-urlencoded|x-ndjson|graphql))/i;

/** A character that the cut splits is left out; bytes that are no UTF-8 make it no text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, SENT_BYTES), { stream: true });
  } catch {
    return undefined;
  }
}

/** Text of a request body that is at hand; streams, forms with files and `Request` bodies are not touched. */
export function requestText(body: unknown): string | undefined {
  if (typeof body === "string" || body instanceof URLSearchParams)
    return decode(new TextEncoder().encode(String(body).slice(0, SENT_BYTES + 8)));
  if (body instanceof ArrayBuffer) return decode(new Uint8Array(body));
  if (ArrayBuffer.isView(body)) return decode(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  return undefined;
}

async function readStart(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = body.getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), WAIT_MS);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (bytes <= SENT_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      bytes += value.length;
    }
  } catch {
    // The caller will meet the same error on the same body.
  } finally {
    clearTimeout(timer);
    void reader.cancel().catch(() => {});
  }
  return Buffer.concat(chunks);
}

/** The beginning of a text response, read from a copy: the caller's body is whole and unread. */
export async function responseText(response: Response): Promise<string | undefined> {
  if (!response.body || !TEXT.test(response.headers.get("content-type") ?? "")) return undefined;
  if (response.bodyUsed || response.body.locked) return undefined;
  const copy = response.clone();
  return copy.body ? decode(await readStart(copy.body)) : undefined;
}
