"""The client."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Union
from urllib.parse import urlencode

from ._canonical import rfc3339
from ._delivery import REQUEST_EVENTS_MAX, Receipt, parts_of, post_events
from ._emitter import Emitter, Prepared
from ._errors import AffidavitError
from ._http import ATTEMPT_SECONDS_MAX, Connection, retrying
from ._spooling import Spooling, SpoolReport

Event = Mapping[str, Any]
Filters = Mapping[str, Union[str, int]]
Time = Union[str, datetime]


@dataclass(frozen=True)
class TailPage:
    """Persist ``cursor`` after you have written ``events``."""

    #: In the order of the log. May be empty with a filter: the cursor has moved past rows that it left out.
    events: List[Dict[str, Any]]
    cursor: str


def _query(parameters: Mapping[str, Any], filters: Optional[Filters]) -> str:
    pairs = []
    for name, value in {**(filters or {}), **parameters}.items():
        if value is None:
            continue
        for one in value if isinstance(value, (list, tuple)) else [value]:
            pairs.append((name, rfc3339(one) if isinstance(one, datetime) else str(one)))
    return urlencode(pairs)


def _check_no_hole(events: Sequence[Mapping[str, Any]], last: Optional[int]) -> None:
    """Without a filter every row is there: a hole means a broken server or proxy, and better stop than skip."""
    for event in events:
        if last is not None and event["seq"] != last + 1:
            raise AffidavitError(
                f"The tail goes from {last} to {event['seq']}: rows between are missing.", code="gap_in_tail"
            )
        last = event["seq"]


class Affidavit:
    """A client of one Affidavit server. Safe to share between threads: make one a process, after any fork.

    :param url: where the server is, such as ``https://audit.example.com``
    :param api_key: ``afd_live_…``
    :param app_id: another app than the key's home app, for an organization-wide key
    :param timeout: how long one ``record``, ``search``, ``flush`` or page of ``tail`` may take with all its attempts, seconds
    :param spool_folder: where events wait while the server cannot take them; one process at a time
    :param spool_bytes_max: most bytes of events on disk
    :param on_report: told what happens to the spool; default: the logger ``affidavit``
    :raises ValueError: where an option cannot work
    """

    def __init__(
        self,
        *,
        url: str,
        api_key: str,
        app_id: Optional[str] = None,
        timeout: float = 30.0,
        spool_folder: Optional[str] = None,
        spool_bytes_max: int = 256 * 1024 * 1024,
        on_report: Optional[Callable[[SpoolReport], None]] = None,
    ) -> None:
        if not timeout > 0:
            raise ValueError("timeout must be more than 0")
        self._connection = Connection(url, api_key)
        self._app_id = app_id
        self._timeout = timeout
        self._emitter = Emitter()
        #: One request of events at a time: they keep their order.
        self._sending = threading.Lock()
        self._is_closed = False
        self._spooling = (
            None if spool_folder is None else Spooling(spool_folder, spool_bytes_max, self._connection, on_report)
        )

    def __enter__(self) -> "Affidavit":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def emitter_id(self) -> str:
        """``context.emitter.id`` of the events that this client numbers."""
        return self._emitter.id

    def record(self, events: Union[Event, Sequence[Event]], *, on_failure: Optional[str] = None) -> List[Receipt]:
        """Writes events. Returns after the server has committed them, or, with a spool, when they are safely on disk.

        They are taken or refused together; only where they are more than a request holds (1,000 events, 1 MB), each part is.

        :param on_failure: ``"throw"`` or ``"spool"``; default: ``"spool"`` where the client has one
        :returns: a receipt per event, in their order: ``{"id", "status", "seq", "created_at"}``, status ``created`` or
            ``duplicate``; or ``{"id", "status": "spooled"}``
        :raises AffidavitError: where an event is refused, or neither server nor spool could take them in time. After
            ``timeout`` and ``network_error`` they may be stored all the same: record them again only with ids of your own.
        """
        if self._is_closed:
            raise AffidavitError("This client was closed.", code="closed")
        way = on_failure or ("throw" if self._spooling is None else "spool")
        if way not in ("throw", "spool"):
            raise ValueError('on_failure must be "throw" or "spool"')
        if way == "spool" and self._spooling is None:
            raise AffidavitError('on_failure="spool" needs a client with a spool.', code="no_spool")
        deadline = time.monotonic() + self._timeout
        with self._sending:
            prepared = self._emitter.prepare([events] if isinstance(events, Mapping) else events)
            parts = parts_of(prepared, REQUEST_EVENTS_MAX)
            return self._send_parts(parts, deadline, way)

    def flush(self) -> None:
        """Waits until the spool has gone out, at most ``timeout``. :raises AffidavitError: what was in the way"""
        if self._spooling is not None:
            self._spooling.drained(time.monotonic() + self._timeout)

    def close(self) -> None:
        """Frees the spool: what is in it goes out at the next start."""
        self._is_closed = True
        with self._sending:
            if self._spooling is not None:
                self._spooling.close()
            self._connection.close()

    def search(
        self,
        *,
        from_: Time,
        to: Time,
        kind: Optional[str] = None,
        limit: Optional[int] = None,
        cursor: Optional[str] = None,
        app_id: Union[str, Sequence[str], None] = None,
        filters: Optional[Filters] = None,
    ) -> Dict[str, Any]:
        """One page of a search over a window of occurred_at, newest first: ``{"events", "next_cursor", "has_more", …}``.

        :raises AffidavitError:
        """
        app = self._app_id if app_id is None else app_id
        parameters = {"kind": kind, "from": from_, "to": to, "limit": limit, "cursor": cursor, "app_id": app}
        path = f"/v1/events/search?{_query(parameters, filters)}"
        return self._read(path, time.monotonic() + self._timeout, None)

    def tail(
        self,
        *,
        after: Optional[str] = None,
        kind: Optional[str] = None,
        filters: Optional[Filters] = None,
        limit: int = 500,
        poll_seconds: float = 1.0,
        follow: bool = False,
        stop: Optional[threading.Event] = None,
        app_id: Optional[str] = None,
    ) -> Iterator[TailPage]:
        """The rows of a log in its order, page by page, none left out: strictly after ``after``, or from the beginning.

        Write the events downstream, then persist the cursor; after a crash in between some rows come a second time, with
        the same ids, and none is missed. Ends at the end of the log, or with ``follow`` when ``stop`` is set. Outages are
        waited out: for ``timeout``, or for ever with ``follow``.

        :raises AffidavitError: such as 410 ``cursor_expired``, 400 ``invalid_cursor``, and ``gap_in_tail``
        """
        ended = stop or threading.Event()
        is_whole = kind is None and not filters
        app = self._app_id if app_id is None else app_id
        last: Optional[int] = None
        while not ended.is_set():
            path = f"/v1/events?{_query({'after': after, 'kind': kind, 'limit': limit, 'app_id': app}, filters)}"
            try:
                page = self._read(path, float("inf") if follow else time.monotonic() + self._timeout, ended)
            except AffidavitError:
                if ended.is_set():
                    return
                raise
            events = page["events"]
            if is_whole:
                _check_no_hole(events, last)
            last = events[-1]["seq"] if events else last
            has_moved = page["next_cursor"] != after
            after = page["next_cursor"]
            if events or has_moved:
                yield TailPage(events, after)
            if page["has_more"]:
                continue
            if not follow or ended.wait(poll_seconds):
                return

    def _read(self, path: str, deadline: float, stop: Optional[threading.Event]) -> Dict[str, Any]:
        longest = max(ATTEMPT_SECONDS_MAX, self._timeout)
        return retrying(
            lambda remaining: self._connection.json("GET", path, timeout=min(remaining, longest)), deadline, stop
        )

    def _send_parts(self, parts: Sequence[Sequence[Prepared]], deadline: float, way: str) -> List[Receipt]:
        receipts: List[Optional[Receipt]] = []
        failure: Optional[AffidavitError] = None
        for part in parts:
            try:
                receipts.extend(self._send_or_spool(part, deadline) if way == "spool" else self._send(part, deadline))
            except AffidavitError as error:
                failure = failure or error
                receipts.extend([None] * len(part))
        if failure is not None:
            if len(parts) > 1:
                failure.receipts = receipts
            raise failure
        return [receipt for receipt in receipts if receipt is not None]

    def _send(self, part: Sequence[Prepared], deadline: float) -> List[Receipt]:
        return retrying(
            lambda remaining: post_events(
                self._connection, self._app_id, part, min(ATTEMPT_SECONDS_MAX, remaining)
            ),
            deadline,
        )

    def _send_or_spool(self, part: Sequence[Prepared], deadline: float) -> List[Receipt]:
        """One attempt; behind a spool that holds something, none."""
        assert self._spooling is not None
        self._spooling.ready()
        if self._spooling.is_empty:
            timeout = max(0.001, min(ATTEMPT_SECONDS_MAX, deadline - time.monotonic()))
            try:
                return post_events(self._connection, self._app_id, part, timeout)
            except AffidavitError as error:
                if not error.is_outage:
                    raise
        self._spooling.append(part, self._app_id)
        return [{"id": event.id, "status": "spooled"} for event in part]
