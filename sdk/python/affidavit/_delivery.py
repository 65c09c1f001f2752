"""Requests of events: taken, refused, or to be sent again."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional, Sequence
from urllib.parse import quote

from ._emitter import Prepared
from ._errors import AffidavitError, describe_faults
from ._http import Connection

#: The server takes 1,000 events and 1 MiB a request; the rest is room for what stands around the events.
REQUEST_EVENTS_MAX = 1_000
REQUEST_BYTES_MAX = 1_000_000

Receipt = Dict[str, Any]
_POINTER = re.compile(r"/events/(\d+)(.*)", re.DOTALL)


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


def _halves(events: Sequence[Prepared]) -> List[List[Prepared]]:
    middle = (len(events) + 1) // 2
    return [list(events[:middle]), list(events[middle:])]


def _faults_by_index(count: int, refusal: AffidavitError) -> Dict[int, List[Dict[str, Any]]]:
    """What a refusal says of each event, with pointers as if it had been sent alone."""
    faults: Dict[int, List[Dict[str, Any]]] = {}
    for fault in (refusal.problem or {}).get("errors") or []:
        match = _POINTER.fullmatch(str(fault.get("pointer")))
        if match and int(match.group(1)) < count:
            own = {**fault, "pointer": f"/events/0{match.group(2)}"}
            faults.setdefault(int(match.group(1)), []).append(own)
    return faults


def _narrowed(refusal: AffidavitError, errors: List[Dict[str, Any]]) -> AffidavitError:
    """A refusal as far as it is about one of the events."""
    problem = {**(refusal.problem or {}), "errors": errors}
    ending = describe_faults((refusal.problem or {}).get("errors"))
    message = str(refusal)[: len(str(refusal)) - len(ending)] + describe_faults(errors)
    return AffidavitError(message, code=refusal.code, status=refusal.status, problem=problem)


def deliver(
    events: Sequence[Prepared],
    post: Callable[[Sequence[Prepared]], List[Receipt]],
    refused: Callable[[Prepared, AffidavitError], None],
) -> None:
    """Sends single events that share a request; each is taken or refused in the end.

    One bad event refuses a whole request: the others go again without it, or in halves where nobody says which one it is.

    :raises AffidavitError: where the server could not be asked; all of them are then to be sent again
    """
    groups = [list(events)]
    while groups:
        group = groups.pop(0)
        if not group:
            continue
        try:
            post(group)
        except AffidavitError as error:
            # A proxy before the server may take less than it does, and says 413 on its own: smaller requests may pass.
            if not error.refuses_events and not (error.status == 413 and len(group) > 1):
                raise
            if len(group) == 1:
                refused(group[0], error)
                continue
            faults = _faults_by_index(len(group), error) if error.refuses_events else {}
            for index, errors in faults.items():
                refused(group[index], _narrowed(error, errors))
            rest = [event for index, event in enumerate(group) if index not in faults]
            groups[:0] = [rest] if faults else _halves(group)
