#!/usr/bin/env python3
"""Copies every row of a log into a file, one JSON line a row, and goes on for ever.

May be killed at any moment: it loses no row, and what it writes twice has the same ``id``.

  AFFIDAVIT_URL=https://audit.example.com AFFIDAVIT_API_KEY=afd_live_… \\
    python3 poll_to_file.py rows.ndjson [--every 5m] [--limit 500] [--once]

The place in the log is kept beside the file, in ``rows.ndjson.cursor``. For a warehouse replace ``write_rows``: insert the
rows with ``id`` as the key, ignoring those that are there.
"""

import argparse
import json
import os
import re
import signal
import threading

from affidavit import Affidavit

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def seconds(text):
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)", text)
    if not match:
        raise argparse.ArgumentTypeError("must be like 5m or 30s")
    return float(match.group(1)) * UNITS[match.group(2)]


def sync_folder(path):
    folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def repair(file):
    """A crash may have left half a line at the end. Its row is not behind the cursor yet and comes again."""
    size = end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65_536)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        file.truncate(end)
    file.seek(0, os.SEEK_END)


def write_rows(file, rows):
    if not rows:
        return
    file.write("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("utf-8"))
    file.flush()
    os.fsync(file.fileno())


def save_cursor(path, cursor):
    """Whole or not at all: a new file takes the old one's place."""
    with open(f"{path}.new", "w", encoding="utf-8") as fresh:
        fresh.write(cursor)
        fresh.flush()
        os.fsync(fresh.fileno())
    os.replace(f"{path}.new", path)
    sync_folder(path)


def load_cursor(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main():
    parser = argparse.ArgumentParser(description="Copies every row of a log into a file.")
    parser.add_argument("file")
    parser.add_argument("--every", type=seconds, default=seconds("5m"))
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args()
    cursor_file = f"{options.file}.cursor"

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    with open(options.file, "a+b") as file, Affidavit(
        url=os.environ["AFFIDAVIT_URL"], api_key=os.environ["AFFIDAVIT_API_KEY"]
    ) as client:
        repair(file)
        sync_folder(options.file)
        pages = client.tail(
            after=load_cursor(cursor_file),
            limit=options.limit,
            follow=not options.once,
            poll_seconds=options.every,
            stop=stop,
        )
        for page in pages:
            # The order is the whole trick: first the rows, safely; then the place.
            write_rows(file, page.events)
            save_cursor(cursor_file, page.cursor)


if __name__ == "__main__":
    main()
