"""Does with the Python client what a test says: one JSON object a line in, one a line out."""

import json
import sys

from affidavit import Affidavit, AffidavitError, find_gaps
from affidavit._canonical import canonical_json

clients = {}


def client_of(command):
    name = json.dumps(command["client"], sort_keys=True)
    if name not in clients:
        clients[name] = Affidavit(**command["client"])
    return clients[name]


def record(command):
    return client_of(command).record(command["events"], on_failure=command.get("on_failure"))


def tail(command):
    pages = client_of(command).tail(**command.get("options", {}))
    return [{"events": page.events, "cursor": page.cursor} for page in pages]


def close(command):
    client_of(command).close()


def flush(command):
    client_of(command).flush()


ACTS = {
    "record": record,
    "tail": tail,
    "search": lambda command: client_of(command).search(**command["options"]),
    "flush": flush,
    "close": close,
    "canonical": lambda command: [canonical_json(value) for value in command["values"]],
    "gaps": lambda command: find_gaps(command["rows"]),
}

for line in sys.stdin:
    given = json.loads(line)
    try:
        answer = {"result": ACTS[given["do"]](given)}
    except AffidavitError as error:
        answer = {"error": {"code": error.code, "status": error.status, "message": str(error)}}
    print(json.dumps(answer), flush=True)
