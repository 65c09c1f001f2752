"""The files of a spool; the format is the TypeScript client's, byte for byte (docs/sdk.md)."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import BinaryIO, List, Optional, Sequence, Tuple

from ._canonical import canonical_json, rfc3339
from ._emitter import Prepared
from ._errors import AffidavitError

_SEGMENT_BYTES = 4 * 1024 * 1024
_READ_BYTES = 1_500_000
_SEGMENT = re.compile(r"(\d{12})\.ndjson")
_LINE = re.compile(r'\{(?:"app_id":"(?:[^"\\]|\\.)*",)?"event":(\{.*\}),"spooled_at":"[^"]+"\}', re.DOTALL)
_POSITION = "position.json"
_REFUSED = "refused.ndjson"


@dataclass(frozen=True)
class SpoolLine:
    app_id: Optional[str]
    event: Prepared
    #: Seconds since epoch.
    spooled_at: float


def _now() -> str:
    now = datetime.now(timezone.utc)
    return rfc3339(now.replace(microsecond=now.microsecond // 1000 * 1000))


def write_line(event: Prepared, app_id: Optional[str]) -> str:
    app = "" if app_id is None else f'"app_id":{canonical_json(app_id)},'
    return f'{{{app}"event":{event.json},"spooled_at":"{_now()}"}}\n'


def write_refused(text: str, app_id: Optional[str], error: AffidavitError) -> str:
    """A line of ``refused.ndjson``; ``text`` is the event, or a damaged line as a JSON string."""
    app = "" if app_id is None else f'"app_id":{canonical_json(app_id)},'
    own = {"code": error.code, "detail": str(error)}
    problem = canonical_json(error.problem if error.problem is not None else own)
    return f'{{{app}"event":{text},"problem":{problem},"refused_at":"{_now()}"}}\n'


def read_line(text: str) -> Optional[SpoolLine]:
    """None for a line that is damaged: by a crash in the middle of a write, or by hand."""
    try:
        parsed = json.loads(text)
        event = parsed["event"]
        at = datetime.fromisoformat(parsed["spooled_at"].replace("Z", "+00:00")).timestamp()
        if not isinstance(event["id"], str):
            return None
        # The text between, not what json.loads made of it; only a line that somebody edited is written anew.
        match = _LINE.fullmatch(text)
        body = match.group(1) if match else canonical_json(event)
        return SpoolLine(parsed.get("app_id"), Prepared(event["id"], body, len(body.encode("utf-8"))), at)
    except (ValueError, TypeError, KeyError, AttributeError, AffidavitError):
        return None


def _sync_folder(folder: str) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows cannot; there the file's own sync has to do.
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass
class _Segment:
    name: str
    #: Bytes that are known to be on the disk.
    size: int


class SpoolFolder:
    """Segments of lines, oldest first; ``position.json``, up to where the first was delivered; ``refused.ndjson``.

    The folder must exist and be locked; calls come one after another. :raises OSError: of the file system
    """

    def __init__(self, folder: str, bytes_max: int) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._active: Optional[BinaryIO] = None
        self._offset = 0
        names = sorted(name for name in os.listdir(folder) if _SEGMENT.fullmatch(name))
        self._segments = [_Segment(name, os.stat(self._path(name)).st_size) for name in names]
        segment, offset = self._read_position()
        if self._segments and self._segments[0].name == segment and self._is_line_start(offset):
            self._offset = offset
        # Never the number of a segment that position.json may still name: its offset would skip lines of the new one.
        self._next_number = max([int(name[:12]) for name in (*names, segment) if name] or [0]) + 1
        self._drop_delivered()

    @property
    def is_empty(self) -> bool:
        return not self._segments

    def append(self, lines: Sequence[str]) -> None:
        """Writes lines and waits until the disk has them; all or none.

        :raises AffidavitError: ``spool_full``, ``spool_unwritable``
        """
        data = "".join(lines).encode("utf-8")
        used = sum(segment.size for segment in self._segments)
        if used + len(data) > self._bytes_max:
            raise AffidavitError(
                f"The spool {self._folder} is full: it holds {used} of at most {self._bytes_max} bytes, and these events "
                f"have {len(data)} more. They were not stored.",
                code="spool_full",
            )
        try:
            self._write(data)
        except OSError as error:
            raise AffidavitError(f"The spool {self._folder} cannot be written: {error}.", code="spool_unwritable") from error

    def read(self) -> List[Tuple[str, int]]:
        """The next lines, without their ends, each with where it ends. The last may lack its end after a crash."""
        if not self._segments:
            return []
        first = self._segments[0]
        with open(self._path(first.name), "rb") as file:
            file.seek(self._offset)
            data = file.read(min(_READ_BYTES, first.size - self._offset))
        lines = []
        start = 0
        end = data.find(b"\n")
        while end >= 0:
            lines.append((data[start:end].decode("utf-8", "replace"), self._offset + end + 1))
            start = end + 1
            end = data.find(b"\n", start)
        is_last = self._offset + len(data) == first.size
        if start < len(data) and (is_last or not lines):
            lines.append((data[start:].decode("utf-8", "replace"), self._offset + len(data)))
        return lines

    def advance(self, offset: int) -> None:
        """Everything before ``offset`` of the first segment was delivered or refused."""
        first = self._segments[0]
        self._offset = offset
        self._drop_delivered()
        if not self._segments or self._segments[0] is not first:
            return
        # Not synced: after a power cut an older position only means that some lines are sent again, with the same ids.
        path = self._path(_POSITION)
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            file.write(canonical_json({"offset": offset, "segment": first.name}))
        os.replace(f"{path}.new", path)

    def keep_refused(self, lines: Sequence[str]) -> None:
        """Keeps what the server refused, before it leaves the spool."""
        with open(self._path(_REFUSED), "a+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size > 0:
                file.seek(size - 1)
                # A crash may have cut the last line; what is written now must not be glued to it.
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write("".join(lines).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        if self._active is not None:
            self._active.close()
            self._active = None

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _read_position(self) -> Tuple[str, int]:
        try:
            with open(self._path(_POSITION), encoding="utf-8") as file:
                position = json.load(file)
            segment, offset = position["segment"], position["offset"]
            if _SEGMENT.fullmatch(segment) and isinstance(offset, int) and offset >= 0:
                return segment, offset
        except (OSError, ValueError, TypeError, KeyError):
            pass  # None yet, or cut short by a crash: from the beginning, what was delivered comes back as a duplicate.
        return "", 0

    def _is_line_start(self, offset: int) -> bool:
        first = self._segments[0]
        if offset == 0:
            return True
        if offset > first.size:
            return False
        with open(self._path(first.name), "rb") as file:
            file.seek(offset - 1)
            return file.read(1) == b"\n"

    def _active_for(self, size: int) -> Tuple[_Segment, BinaryIO]:
        if self._active is not None and self._segments and self._segments[-1].size + size <= _SEGMENT_BYTES:
            return self._segments[-1], self._active
        self.close()
        # A segment of an earlier process is never continued: its last line may lack its end.
        segment = _Segment(f"{self._next_number:012d}.ndjson", 0)
        handle = os.open(self._path(segment.name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._active = os.fdopen(handle, "ab", buffering=0)
        self._next_number += 1
        _sync_folder(self._folder)
        return segment, self._active

    def _write(self, data: bytes) -> None:
        segment, file = self._active_for(len(data))
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            # On a full disk half of it may be there; the next write goes to another segment.
            try:
                file.truncate(segment.size)
            except OSError:
                pass
            self.close()
            raise
        segment.size += len(data)
        if not self._segments or self._segments[-1] is not segment:
            self._segments.append(segment)

    def _drop_delivered(self) -> None:
        while self._segments and self._offset >= self._segments[0].size:
            if len(self._segments) == 1:
                self.close()
            # First the position: without it a segment is sent again, with one that is too far its rest would be skipped.
            try:
                os.unlink(self._path(_POSITION))
            except FileNotFoundError:
                pass
            os.unlink(self._path(self._segments[0].name))
            self._segments.pop(0)
            self._offset = 0
