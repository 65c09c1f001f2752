"""Events on disk while the server cannot take them, and their way out, in order."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable, List, Optional, Sequence, Tuple

from ._canonical import rfc3339
from ._delivery import REQUEST_BYTES_MAX, REQUEST_EVENTS_MAX, deliver, post_events
from ._emitter import Prepared
from ._errors import AffidavitError
from ._http import ATTEMPT_SECONDS_MAX, Connection, pause_seconds
from ._lock import Lock, take_lock
from ._spool_folder import SpoolFolder, SpoolLine, read_line, write_line, write_refused

#: The server remembers ids for 30 days; a later second attempt could store a row twice.
_AGE_DAYS_MAX = 29
_BLOCKED_PAUSE_SECONDS = 10.0
_CLOSE_SECONDS = ATTEMPT_SECONDS_MAX + 2.0

_log = logging.getLogger("affidavit")


@dataclass(frozen=True)
class SpoolReport:
    """Something about the spool that nobody is waiting to be told.

    ``kind``: ``waiting``, the server cannot be reached, or something else answers in its place, said once an outage;
    ``blocked``, nothing goes on until somebody acts; ``refused``, the server will never take this event, it was moved to
    ``refused.ndjson``.
    """

    kind: str
    message: str
    error: AffidavitError
    event_id: Optional[str] = None


def _log_report(report: SpoolReport) -> None:
    # Where something else answers, the address may be wrong.
    if report.kind == "waiting" and report.error.retryable:
        _log.info(report.message)
    else:
        _log.error(report.message)


@dataclass
class _Batch:
    lines: List[SpoolLine]
    #: Lines that are none.
    damaged: List[str]
    #: Where the rest of the spool begins.
    end: int


def _batch_of(stretch: Sequence[Tuple[str, int]]) -> _Batch:
    """From the front: what fits into one request to one app."""
    batch = _Batch([], [], 0)
    size = 0
    for text, end in stretch:
        line = read_line(text)
        if line is not None:
            size += line.event.bytes
            is_other = bool(batch.lines) and line.app_id != batch.lines[0].app_id
            if is_other or size > REQUEST_BYTES_MAX or len(batch.lines) >= REQUEST_EVENTS_MAX:
                break
            batch.lines.append(line)
        elif text.strip():
            batch.damaged.append(text)
        batch.end = end
    return batch


class Spooling:
    """One per client; a thread of its own sends what is on disk."""

    def __init__(
        self,
        folder: str,
        bytes_max: int,
        connection: Connection,
        on_report: Optional[Callable[[SpoolReport], None]],
    ) -> None:
        self._place = folder
        self._bytes_max = bytes_max
        self._connection = connection
        self._on_report = on_report or _log_report
        #: Guards the folder and everything below; told whenever the spool has changed or an attempt has ended.
        self._changed = threading.Condition(threading.RLock())
        self._folder: Optional[SpoolFolder] = None
        self._lock: Optional[Lock] = None
        self._thread: Optional[threading.Thread] = None
        self._closing = threading.Event()
        self._nudge = threading.Event()
        self._trouble: Optional[AffidavitError] = None
        try:
            # What an earlier process left goes out without anybody recording anything.
            self._opened()
        except AffidavitError as error:
            self._say(SpoolReport("blocked", str(error), error))

    def ready(self) -> None:
        """:raises AffidavitError: ``spool_locked``, ``spool_expired``, ``spool_unwritable``, or what blocks the spool"""
        with self._changed:
            folder = self._opened()
            if not folder.is_empty and self._trouble is not None and not self._trouble.is_outage:
                raise self._trouble

    @property
    def is_empty(self) -> bool:
        with self._changed:
            return self._folder is None or self._folder.is_empty

    def append(self, events: Sequence[Prepared], app_id: Optional[str]) -> None:
        """Returns when the disk has them. :raises AffidavitError: ``spool_full``, ``spool_unwritable``"""
        with self._changed:
            self._opened().append([write_line(event, app_id) for event in events])
            self._start_draining(1)

    def drained(self, deadline: float) -> None:
        """Waits until nothing is left, at most until then (time.monotonic). :raises AffidavitError:"""
        self.ready()
        self._nudge.set()
        with self._changed:
            while not self.is_empty:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise self._trouble or AffidavitError(
                        "The spool did not become empty in time; it is still on disk.", code="timeout"
                    )
                self._changed.wait(remaining)

    def close(self) -> None:
        """Frees the folder. Where the thread is still at work after some seconds, it does that itself when it ends."""
        self._closing.set()
        self._nudge.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSE_SECONDS)
        with self._changed:
            if self._thread is None:
                self._leave()

    def _leave(self) -> None:
        """Writes nothing more, and frees the lock where it is still ours."""
        if self._folder is not None and self._lock is not None:
            self._folder.close()
            self._lock.free()
        self._folder, self._lock = None, None

    def _opened(self) -> SpoolFolder:
        with self._changed:
            if self._lock is not None and not self._lock.is_held():
                self._leave()
            if self._folder is None:
                if self._closing.is_set():
                    raise AffidavitError("This client was closed.", code="closed")
                self._folder = self._open()
                self._trouble = None
                self._start_draining(0)
            return self._folder

    def _open(self) -> SpoolFolder:
        try:
            os.makedirs(self._place, mode=0o700, exist_ok=True)
            taken = take_lock(os.path.join(self._place, "lock"))
        except OSError as error:
            raise self._unusable(error) from error
        if not isinstance(taken, Lock):
            raise AffidavitError(
                f"The spool {self._place} is used by process {taken.get('pid')}: give each process a folder of its own.",
                code="spool_locked",
            )
        try:
            folder = SpoolFolder(self._place, self._bytes_max)
            self._refuse_old(_batch_of(folder.read()))
        except OSError as error:
            taken.free()
            raise self._unusable(error) from error
        except AffidavitError:
            taken.free()
            raise
        self._lock = taken
        return folder

    def _unusable(self, error: OSError) -> AffidavitError:
        return AffidavitError(f"The spool {self._place} cannot be used: {error}.", code="spool_unwritable")

    def _refuse_old(self, batch: _Batch) -> None:
        oldest = min((line.spooled_at for line in batch.lines), default=time.time())
        if time.time() - oldest <= _AGE_DAYS_MAX * 86_400:
            return
        since = rfc3339(datetime.fromtimestamp(oldest, timezone.utc))
        raise AffidavitError(
            f"The spool {self._place} holds events since {since}, more than {_AGE_DAYS_MAX} days: the server remembers ids "
            "for 30 days, so sending them could store rows twice. Move the folder away, check which of its events are in "
            "the log, and send the others.",
            code="spool_expired",
        )

    def _start_draining(self, failed: int) -> None:
        if self._thread is not None or self._folder is None or self._folder.is_empty or self._closing.is_set():
            return
        self._thread = threading.Thread(target=self._drain, args=(failed,), name="affidavit-spool", daemon=True)
        self._thread.start()

    def _drain(self, failed: int) -> None:
        try:
            self._send_all(failed)
        finally:
            with self._changed:
                if self._thread is threading.current_thread():
                    self._thread = None
                if self._closing.is_set() and self._thread is None:
                    self._leave()

    def _send_all(self, failed: int) -> None:
        error: Optional[AffidavitError] = None
        while True:
            with self._changed:
                self._changed.notify_all()
                if self.is_empty or self._closing.is_set():
                    self._thread = None
                    break
            if failed > 0 and not self._closing.is_set():
                is_long = error is not None and not error.is_outage
                self._nudge.wait(_BLOCKED_PAUSE_SECONDS if is_long else pause_seconds(failed, error))
                if not self._closing.is_set():
                    self._nudge.clear()
            try:
                if not self._closing.is_set():
                    self._send_next()
                failed = 0
                self._trouble = None
            except AffidavitError as caught:
                failed, error = failed + 1, caught
                self._note(caught)
            except OSError as caught:
                failed, error = failed + 1, self._unusable(caught)
                self._note(error)

    def _send_next(self) -> None:
        with self._changed:
            folder = self._opened()
            batch = _batch_of(folder.read())
        self._refuse_old(batch)
        refusals: List[Tuple[str, AffidavitError, Optional[str]]] = []
        for text in batch.damaged:
            error = AffidavitError("A line of the spool is damaged.", code="spool_damaged")
            refusals.append((write_refused(json.dumps(text), None, error), error, None))
        if batch.lines:
            app_id = batch.lines[0].app_id
            deliver(
                [line.event for line in batch.lines],
                lambda events: post_events(self._connection, app_id, events, ATTEMPT_SECONDS_MAX),
                lambda event, error: refusals.append((write_refused(event.json, app_id, error), error, event.id)),
            )
        with self._changed:
            # Taken over meanwhile, as may be after a long pause: what was sent will be a duplicate for the other.
            if self._opened() is not folder:
                return
            if refusals:
                folder.keep_refused([line for line, _, _ in refusals])
            folder.advance(batch.end)
        for _, error, event_id in refusals:
            which = "A line" if event_id is None else f"Event {event_id}"
            place = os.path.join(self._place, "refused.ndjson")
            message = f"{which} of the spool will never be taken and was moved to {place}: {error}"
            self._say(SpoolReport("refused", message, error, event_id))

    def _note(self, error: AffidavitError) -> None:
        before, self._trouble = self._trouble, error
        is_same = before is not None and (before.code == error.code or (before.is_outage and error.is_outage))
        if not is_same and not self._closing.is_set():
            self._say(SpoolReport("waiting" if error.is_outage else "blocked", str(error), error))

    def _say(self, report: SpoolReport) -> None:
        try:
            self._on_report(report)
        except Exception:  # noqa: BLE001  A fault in somebody's callback must not end the thread.
            _log.exception("on_report failed")
