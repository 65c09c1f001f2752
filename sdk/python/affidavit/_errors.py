"""What this package raises."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence


def describe_faults(faults: Optional[Sequence[Mapping[str, Any]]]) -> str:
    """The first few, as the end of a message."""
    return "".join(f" {fault.get('pointer')} {fault.get('message')}." for fault in (faults or [])[:3])


class AffidavitError(Exception):
    """Whatever this package raises. Go by ``code``: the server's own, or one of the client's.

    ``network_error``, ``timeout``, ``unexpected_answer``, ``redirected``, ``invalid_event``, ``payload_too_large``,
    ``closed``, ``no_spool``, ``spool_locked``, ``spool_full``, ``spool_expired``, ``spool_damaged``, ``spool_unwritable``,
    ``gap_in_tail``. They mean what they mean in the TypeScript client.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: Optional[int] = None,
        problem: Optional[Dict[str, Any]] = None,
        retry_after_seconds: Optional[float] = None,
        receipts: Optional[List[Optional[Dict[str, Any]]]] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        #: HTTP status, where there was an answer.
        self.status = status
        #: The server's RFC 9457 problem document.
        self.problem = problem
        self.retry_after_seconds = retry_after_seconds
        #: Of a ``record`` that was too large for one request and failed in a part: what was taken all the same.
        self.receipts = receipts

    @property
    def retryable(self) -> bool:
        """Whether the very same request may succeed later: no answer, 408, 425, 429 and 5xx."""
        if self.status is None:
            return self.code in ("network_error", "timeout")
        return self.status in (408, 425, 429) or self.status >= 500

    @property
    def is_outage(self) -> bool:
        """Whether the events may wait for a better answer: later, or once nothing else stands in the server's place."""
        return self.retryable or self.code == "unexpected_answer"

    @property
    def refuses_events(self) -> bool:
        """Whether the server itself refused the events, so that sending them again unchanged is in vain.

        The status alone does not say it: a proxy has its own 400, 413 and 422.
        """
        return self.problem is not None and self.status in (400, 409, 413, 415, 422)
