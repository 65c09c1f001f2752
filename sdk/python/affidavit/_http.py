"""HTTP to one server with one key, and when to try again."""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import ssl
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar
from urllib.parse import urlsplit

from ._errors import AffidavitError, describe_faults

#: Most seconds of one attempt.
ATTEMPT_SECONDS_MAX = 10.0
_ANSWER_BYTES_MAX = 300 * 1024 * 1024
_RETRY_AFTER_SECONDS_MAX = 3600.0
_BASE_SECONDS = 0.2
_PAUSE_SECONDS_MAX = 10.0
#: With less time left another attempt is not worth it.
_LAST_SECONDS = 0.05

_T = TypeVar("_T")


class Connection:
    """Connections are kept open, as many as threads used at once. Redirects are not followed: the key is for this address only."""

    def __init__(self, url: str, api_key: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"url must be an address such as https://audit.example.com, not {url!r}")
        if not re.fullmatch(r"[\x21-\x7e]+", api_key or ""):
            raise ValueError("api_key must be an API key, such as afd_live_…")
        self._parts = parts
        self._host = parts.hostname
        self._origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._api_key = api_key
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._lock = threading.Lock()
        self._idle: List[http.client.HTTPConnection] = []
        self._is_closed = False

    def json(self, method: str, path: str, *, body: Optional[str] = None, timeout: float) -> Dict[str, Any]:
        """A JSON answer with a 2xx status. :raises AffidavitError: for anything else"""
        status, headers, text = self._answer(method, path, body, timeout)
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if 200 <= status < 300 and isinstance(value, dict):
            return value
        raise self._failure(status, headers, text, value if isinstance(value, dict) else None)

    def close(self) -> None:
        """Closes what is idle; what is in use is closed when it is done."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> Optional[http.client.HTTPConnection]:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if not self._is_closed and connection.sock is not None:
                self._idle.append(connection)
                return
        connection.close()

    def _open(self) -> http.client.HTTPConnection:
        if self._tls is not None:
            return http.client.HTTPSConnection(self._host, self._parts.port, context=self._tls)
        return http.client.HTTPConnection(self._host, self._parts.port)

    def _answer(self, method: str, path: str, body: Optional[str], timeout: float) -> Tuple[int, Any, str]:
        deadline = time.monotonic() + timeout
        while True:
            reused = self._take()
            connection = reused or self._open()
            connection.timeout = max(0.001, deadline - time.monotonic())
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            try:
                answer = self._once(connection, method, path, body, deadline)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                # The server may close an idle connection in the very moment in which we use it: that is no outage.
                if reused is not None and isinstance(error, ConnectionError) and time.monotonic() < deadline:
                    continue
                raise self._network_error(error, timeout) from error
            self._give_back(connection)
            return answer

    def _once(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: Optional[str], deadline: float
    ) -> Tuple[int, Any, str]:
        headers = {"Authorization": f"Bearer {self._api_key}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        payload = None if body is None else body.encode("utf-8")
        connection.request(method, self._parts.path.rstrip("/") + path, body=payload, headers=headers)
        response = connection.getresponse()
        chunks = []
        size = 0
        while True:
            chunk = response.read1(65_536)
            if not chunk:
                break
            size += len(chunk)
            chunks.append(chunk)
            if size > _ANSWER_BYTES_MAX:
                raise http.client.HTTPException("the answer is too long")
            if time.monotonic() > deadline:
                raise socket.timeout("the answer came too slowly")
        if response.length:
            raise http.client.IncompleteRead(b"".join(chunks))
        # read1 leaves a response that has been read to its end open, and its connection would take no other request.
        response.close()
        return response.status, response.headers, b"".join(chunks).decode("utf-8", "replace")

    def _network_error(self, error: Exception, timeout: float) -> AffidavitError:
        if isinstance(error, socket.timeout):
            return AffidavitError(f"{self._origin} did not answer within {timeout:.1f} s.", code="timeout")
        return AffidavitError(f"{self._origin} cannot be reached: {error or type(error).__name__}.", code="network_error")

    def _failure(self, status: int, headers: Any, text: str, problem: Optional[Dict[str, Any]]) -> AffidavitError:
        retry_after = _retry_after(headers.get("Retry-After"))
        if 300 <= status < 400:
            return AffidavitError(
                f"{self._origin} redirects to {headers.get('Location')}: give that address as url.",
                code="redirected",
                status=status,
            )
        if problem is not None and _is_problem(status, headers, problem):
            faults = describe_faults(problem.get("errors"))
            return AffidavitError(
                f"{self._origin} answered {status} {problem['code']}: "
                f"{problem.get('detail') or problem.get('title')}{faults}",
                code=problem["code"],
                status=status,
                problem=problem,
                retry_after_seconds=retry_after,
            )
        return AffidavitError(
            f"{self._origin} answered {status}, not as Affidavit does: {text[:200]}",
            code="unexpected_answer",
            status=status,
            retry_after_seconds=retry_after,
        )


def _is_problem(status: int, headers: Any, value: Dict[str, Any]) -> bool:
    """What every failing answer of Affidavit is, by RFC 9457; a JSON object of a proxy is none."""
    kind = (headers.get("Content-Type") or "").split(";")[0].strip().lower()
    return status >= 400 and kind == "application/problem+json" and isinstance(value.get("code"), str)


def _retry_after(header: Optional[str]) -> Optional[float]:
    """RFC 9110 §10.2.3: seconds, or a date."""
    if not header:
        return None
    try:
        seconds = float(header) if header.isdigit() else parsedate_to_datetime(header).timestamp() - time.time()
    except (TypeError, ValueError):
        return None
    return min(_RETRY_AFTER_SECONDS_MAX, max(0.0, seconds))


def _asked(error: AffidavitError) -> float:
    return error.retry_after_seconds or 0.0


def pause_seconds(attempt: int, error: Optional[AffidavitError], most: float = _PAUSE_SECONDS_MAX) -> float:
    """Full jitter: a random time up to 0.2, 0.4, 0.8, … s; never less than the server asked for."""
    jitter = random.random() * min(most, _BASE_SECONDS * 2 ** min(attempt - 1, 20))
    asked = 0.0 if error is None else _asked(error)
    return asked + jitter / 4 if asked > 0 else jitter


def retrying(act: Callable[[float], _T], deadline: float, stop: Optional[threading.Event] = None) -> _T:
    """Repeats what may succeed later until a deadline (of time.monotonic), or until ``stop`` is set."""
    attempt = 1
    while True:
        try:
            return act(max(0.001, deadline - time.monotonic()))
        except AffidavitError as error:
            remaining = deadline - time.monotonic()
            if not error.retryable or remaining <= max(_asked(error), _LAST_SECONDS):
                raise
            pause = pause_seconds(attempt, error, min(_PAUSE_SECONDS_MAX, remaining / 2))
            pause = min(pause, remaining - _LAST_SECONDS / 2)
            if stop is None:
                time.sleep(pause)
            elif stop.wait(pause):
                raise
        attempt += 1
