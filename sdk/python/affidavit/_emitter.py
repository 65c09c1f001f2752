"""Ids and numbers of events; which numbers are missing."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, Iterable, List, Mapping, Optional

from ._canonical import canonical_json
from ._errors import AffidavitError

#: Limits of the server, bytes of JSON.
_EVENT_BYTES_MAX = 262_144
_CONTEXT_BYTES_MAX = 16_384


@dataclass(frozen=True)
class Prepared:
    """An event as it will be sent, every time with these very bytes."""

    #: Lower case, as the server will name it.
    id: str
    json: str
    bytes: int


def _measured(document: Mapping[str, Any], event_id: str) -> Prepared:
    text = canonical_json(dict(document))
    size = len(text.encode("utf-8"))
    if size > _EVENT_BYTES_MAX:
        raise AffidavitError(
            f"This event has {size} bytes of JSON, the server takes {_EVENT_BYTES_MAX}: store large parts elsewhere and "
            "send a reference.",
            code="payload_too_large",
        )
    return Prepared(event_id, text, size)


class Emitter:
    """Numbers what one client sends: ``context.emitter = {id, seq}``, seq 0, 1, 2, ….

    What never arrives leaves a gap that :func:`find_gaps` shows. An event with an id of its own is sent as it is: whoever
    gave the id may send it again from elsewhere, and the server refuses one id with two bodies.
    """

    def __init__(self) -> None:
        self.id = str(uuid.uuid4())
        self._next = 0
        self._lock = threading.Lock()

    def prepare(self, events: Iterable[Mapping[str, Any]]) -> List[Prepared]:
        """All or none; no query is taken. :raises AffidavitError: ``invalid_event``, ``payload_too_large``; no number is then used"""
        with self._lock:
            before = self._next
            try:
                return [self._prepare_one(event) for event in events]
            except BaseException:
                self._next = before
                raise

    def _prepare_one(self, event: Mapping[str, Any]) -> Prepared:
        if not isinstance(event, Mapping):
            raise AffidavitError("This event cannot be sent: it is no object.", code="invalid_event")
        if event.get("kind") == "query" or "query_text" in event:
            raise AffidavitError(
                "This client cannot send queries: it has no redactor, so the statement would wait on disk as it is. Send it "
                "with POST /v1/events yourself, or let `affidavit collect postgres` send it; the server redacts it before it "
                "stores anything.",
                code="invalid_event",
            )
        if event.get("id") is not None:
            return _measured(event, str(event["id"]).lower())
        event_id = str(uuid.uuid4())
        document: Dict[str, Any] = {**event, "id": event_id}
        if document.get("occurred_at") is None:
            document["occurred_at"] = _now()
        context = self._context_of(document)
        if context is None:
            return _measured(document, event_id)
        prepared = _measured({**document, "context": context}, event_id)
        self._next += 1
        return prepared

    def _context_of(self, event: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
        """None where the event carries no number: its kind has no context, or there is no room."""
        given = event.get("context")
        given = {} if given is None else given
        if event.get("kind") != "call" or not isinstance(given, Mapping) or "emitter" in given:
            return None
        context = {**given, "emitter": {"id": self.id, "seq": self._next}}
        return context if len(canonical_json(context).encode("utf-8")) <= _CONTEXT_BYTES_MAX else None


def _now() -> datetime:
    """Milliseconds, as JavaScript's clock."""
    now = datetime.now(timezone.utc)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _emitter_of(row: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    context = row.get("context")
    emitter = context.get("emitter") if isinstance(context, Mapping) else None
    if not isinstance(emitter, Mapping) or not isinstance(emitter.get("id"), str):
        return None
    return emitter if isinstance(emitter.get("seq"), int) else None


def _missing(numbers: List[int], start: int) -> List[Dict[str, int]]:
    missing = []
    expected = start
    for seq in numbers:
        if seq > expected:
            missing.append({"from": expected, "to": seq - 1})
        expected = max(expected, seq + 1)
    return missing


def find_gaps(rows: Iterable[Mapping[str, Any]], *, window: bool = False) -> List[Dict[str, Any]]:
    """Producers' losses: which numbers of ``context.emitter`` no row has, for each emitter that lacks some.

    Give all rows of an emitter that there are: numbers begin with 0. With ``window`` the rows are a middle part, and only
    what lies between the lowest and the highest number is looked at. What was lost after the highest cannot be seen.

    :returns: ``{"emitter_id", "last_seq", "missing": [{"from", "to"}], "count"}`` per emitter
    """
    seen: Dict[str, List[int]] = {}
    for row in rows:
        emitter = _emitter_of(row)
        if emitter is not None:
            seen.setdefault(emitter["id"], []).append(emitter["seq"])
    gaps = []
    for emitter_id, numbers in seen.items():
        numbers.sort()
        missing = _missing(numbers, numbers[0] if window else 0)
        if missing:
            count = sum(gap["to"] - gap["from"] + 1 for gap in missing)
            gaps.append({"emitter_id": emitter_id, "last_seq": numbers[-1], "missing": missing, "count": count})
    return gaps
