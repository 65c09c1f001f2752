import { INTAKE } from "../contracts/intake";
import { quotePython } from "./quote";

interface ProcedureOptions {
  /** Where submissions are posted. */
  url: string;
  /** SQL whose rows have a column "record", a record's JSON text. */
  query: string;
}

/** The query as Python's adjacent strings, a line each, so that it stays readable. */
const pythonLines = (text: string) =>
  text
    .split("\n")
    .map((line, index, all) => `    ${quotePython(index < all.length - 1 ? `${line}\n` : line)}`)
    .join("\n");

/**
 * The Python of the procedure: standard library only, 3.9 and newer. Content hashes are the Idempotency-Keys: the same hour
 * read again makes the same submissions. It stops at the first submission that is refused, so that the task fails where
 * somebody sees it.
 */
export function procedureCode({ url, query }: ProcedureOptions): string {
  return `import hashlib
import time
import urllib.error
import urllib.request

import _snowflake

URL = ${quotePython(url)}
QUERY = (
${pythonLines(query)}
)
BYTES_MAX = ${INTAKE.submissionBytes}
RECORDS_MAX = ${INTAKE.events}
TRIES = 5


def submissions(records):
    """Bodies of at most BYTES_MAX bytes and RECORDS_MAX records, in order."""
    part, size = [], 2
    for record in records:
        length = len(record.encode("utf-8")) + 1
        if part and (size + length > BYTES_MAX or len(part) == RECORDS_MAX):
            yield ("[" + ",".join(part) + "]").encode("utf-8")
            part, size = [], 2
        part.append(record)
        size += length
    if part:
        yield ("[" + ",".join(part) + "]").encode("utf-8")


def post(body, api_key):
    """Sends one submission; again after 429 and 5xx."""
    request = urllib.request.Request(URL, data=body, method="POST", headers={
        "Authorization": "Bearer " + api_key,
        "Content-Type": "application/json",
        "Idempotency-Key": hashlib.sha256(body).hexdigest(),
    })
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
                return
        except urllib.error.HTTPError as refusal:
            told = refusal.read().decode("utf-8", "replace")
            if (refusal.code != 429 and refusal.code < 500) or attempt == TRIES:
                raise RuntimeError("answered %d: %s" % (refusal.code, told)) from None
        except urllib.error.URLError as failure:
            if attempt == TRIES:
                raise RuntimeError("not reached: %s" % failure.reason) from None
        time.sleep(2 ** attempt)


def send_logins(session):
    records = [row["record"] for row in session.sql(QUERY).collect()]
    api_key = _snowflake.get_generic_secret_string("api_key")
    sent = 0
    for body in submissions(records):
        post(body, api_key)
        sent += 1
    return {"records": len(records), "submissions": sent}`;
}
