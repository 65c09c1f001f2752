"""One process a folder, over the same lock file as the TypeScript client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from typing import Any, Dict, Optional, Union

_TOUCH_EVERY_SECONDS = 2.0
_WATCH_SECONDS = 3 * _TOUCH_EVERY_SECONDS

Holder = Dict[str, Any]


def _start_of(pid: int) -> str:
    """Clock ticks since boot on Linux, a date elsewhere, empty where neither can be known."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            stat = file.read()
        # The name in parentheses may hold anything; the 20th field after it is the start time.
        return stat[stat.rindex(")") + 2 :].split(" ")[19]
    except (OSError, ValueError, IndexError):
        if sys.platform == "linux":
            return ""
        try:
            done = subprocess.run(
                ["ps", "-p", str(pid), "-o", "lstart="],
                capture_output=True,
                text=True,
                env={"PATH": "/bin:/usr/bin", "LC_ALL": "C"},
                check=False,
            )
        except OSError:
            return ""
        return done.stdout.strip()


def _own_space() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="utf-8") as file:
            return f"{file.read().strip()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return sys.platform


def _read(path: str) -> Optional[Holder]:
    try:
        with open(path, encoding="utf-8") as file:
            holder = json.load(file)
        return holder if isinstance(holder, dict) else None
    except (OSError, ValueError):
        return None  # Gone meanwhile, or cut short by a full disk: nobody can be told to hold it.


def _touched_at(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _is_held(path: str, holder: Optional[Holder]) -> bool:
    if holder is None:
        return False
    if holder.get("space") == _own_space() and holder.get("started"):
        return _start_of(int(holder["pid"])) == holder["started"]
    before = _touched_at(path)
    # A machine that was off has a clock that went on, so an old time says "stale" at once.
    if abs(time.time() - before) > 10 * _TOUCH_EVERY_SECONDS:
        return False
    time.sleep(_WATCH_SECONDS)
    return _touched_at(path) != before


def _link_as(name: str, path: str) -> bool:
    """Whole or not at all, and one winner. :returns: whether the name was free"""
    try:
        os.link(path, name)
        return True
    except FileExistsError:
        return False


def _remove_stale(path: str, seen: Optional[Holder]) -> None:
    """Of two that find it, the one whose rename comes second may have caught a fresh one.

    That goes back, unless the name is taken once more; then its holder will notice.
    """
    aside = f"{path}.{uuid.uuid4()}"
    try:
        os.rename(path, aside)
    except OSError:
        return  # The other one was faster.
    caught = _read(aside)
    if caught is not None and caught != seen:
        _link_as(path, aside)
    os.unlink(aside)


def _acquire(path: str, fresh: str) -> Optional[Holder]:
    while True:
        if _link_as(path, fresh):
            return None
        holder = _read(path)
        if _is_held(path, holder):
            return holder
        _remove_stale(path, holder)


class Lock:
    """Touches its file until it is freed."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._ended = threading.Event()
        threading.Thread(target=self._keep_touching, name="affidavit-spool-lock", daemon=True).start()

    def is_held(self) -> bool:
        """Whether no other process took it over, as may be after a long pause of this one."""
        try:
            with open(self._path, encoding="utf-8", newline="") as file:
                return file.read() == self._text
        except FileNotFoundError:
            return False
        except (OSError, ValueError):
            return True  # It cannot be read for now: nobody is known to have another.

    def free(self) -> None:
        self._ended.set()
        if self.is_held():
            try:
                os.unlink(self._path)
            except FileNotFoundError:
                pass

    def _keep_touching(self) -> None:
        while not self._ended.wait(_TOUCH_EVERY_SECONDS):
            try:
                if self.is_held():
                    os.utime(self._path)
            except OSError:
                pass  # Its folder was removed under us; there is nothing to hold any more.


def take_lock(path: str) -> Union[Lock, Holder]:
    """A lock that one process holds until it frees it or ends in whatever way. The file's folder must exist.

    :returns: the lock, or who holds it
    :raises OSError: of the file system
    """
    token = str(uuid.uuid4())
    fresh = f"{path}.{token}"
    own = {"pid": os.getpid(), "started": _start_of(os.getpid()), "space": _own_space(), "token": token}
    text = json.dumps(own) + "\n"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as file:
        file.write(text)
    try:
        holder = _acquire(path, fresh)
    finally:
        os.unlink(fresh)
    return Lock(path, text) if holder is None else holder
