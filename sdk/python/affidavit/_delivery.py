"""Requests of events: taken, refused, or to be sent again."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional, Sequence
from urllib.parse import quote

from ._emitter import Prepared
from ._errors import AffidavitError
from ._http import Connection

#: The server takes 1,000 events and 1 MiB a request; the rest is room for what stands around the events.
REQUEST_EVENTS_MAX = 1_000
REQUEST_BYTES_MAX = 1_000_000

Receipt = Dict[str, Any]
_POINTER = re.compile(r"/events/(\d+)")


def post_events(
    connection: Connection, app_id: Optional[str], events: Sequence[Prepared], timeout: float
) -> List[Receipt]:
    """One request. :raises AffidavitError:"""
    query = "" if app_id is None else f"?app_id={quote(app_id, safe='')}"
    body = '{"events":[' + ",".join(event.json for event in events) + "]}"
    answer = connection.json("POST", f"/v1/events{query}", body=body, timeout=timeout)
    receipts = answer.get("receipts")
    if not isinstance(receipts, list) or len(receipts) != len(events):
        raise AffidavitError(
            "The answer has no receipt for each event: is it Affidavit?", code="unexpected_answer"
        )
    return receipts


def parts_of(events: Sequence[Prepared], events_max: int) -> List[List[Prepared]]:
    """Splits what no single request can hold; else one part, so that it is taken or refused as a whole."""
    parts: List[List[Prepared]] = []
    size = 0
    for event in events:
        size += event.bytes + 1
        if not parts or len(parts[-1]) >= events_max or size > REQUEST_BYTES_MAX:
            parts.append([])
            size = event.bytes + 1
        parts[-1].append(event)
    return parts


def _regroup(events: Sequence[Prepared], refusal: AffidavitError) -> List[List[Prepared]]:
    """One bad event refuses a whole request: the others go again without it, and it alone, to get its own answer."""
    faulty = set()
    for fault in (refusal.problem or {}).get("errors", []):
        match = _POINTER.match(str(fault.get("pointer")))
        if match and int(match.group(1)) < len(events):
            faulty.add(int(match.group(1)))
    if not faulty or len(faulty) == len(events):
        middle = (len(events) + 1) // 2
        return [list(events[:middle]), list(events[middle:])]
    rest = [event for index, event in enumerate(events) if index not in faulty]
    return [rest, *([events[index]] for index in sorted(faulty))]


def deliver(
    events: Sequence[Prepared],
    post: Callable[[Sequence[Prepared]], List[Receipt]],
    refused: Callable[[Prepared, AffidavitError], None],
) -> None:
    """Sends single events that share a request; each is taken or refused in the end.

    :raises AffidavitError: where the server could not be asked; all of them are then to be sent again
    """
    groups = [list(events)]
    while groups:
        group = groups.pop(0)
        try:
            post(group)
        except AffidavitError as error:
            # A proxy before the server may take less than it does, and says 413 on its own: smaller requests may pass.
            if len(group) > 1 and (error.refuses_events or error.status == 413):
                groups[:0] = _regroup(group, error)
            elif error.refuses_events:
                refused(group[0], error)
            else:
                raise
