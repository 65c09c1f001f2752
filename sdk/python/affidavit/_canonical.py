"""RFC 8785: the one text of a JSON value, the same as the TypeScript client writes."""

from __future__ import annotations

import json
import math
import re
import uuid
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from ._errors import AffidavitError

#: The server's limit: an event is the first level.
_DEPTH_MAX = 64
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _invalid(why: str) -> AffidavitError:
    return AffidavitError(f"This event cannot be sent: {why}.", code="invalid_event")


def rfc3339(time: datetime) -> str:
    """UTC, milliseconds or, where there are any, microseconds."""
    if time.tzinfo is None:
        raise _invalid("it holds a datetime without a time zone")
    precision = "microseconds" if time.microsecond % 1000 else "milliseconds"
    return time.astimezone(timezone.utc).isoformat(timespec=precision).replace("+00:00", "Z")


def _text(value: str) -> str:
    # Two halves that stand side by side are one character, as in JavaScript; others are escaped, and the server says so.
    joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    written = json.dumps(joined, ensure_ascii=False)
    return _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", written)


def _float(value: float) -> str:
    """As ECMAScript's Number::toString prints it (RFC 8785 §3.2.2.3)."""
    if not math.isfinite(value):
        raise _invalid(f"it holds {value}, which JSON cannot write")
    if value == 0:
        return "0"
    sign, digit_tuple, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, digit_tuple)).lstrip("0")
    point = len(digits) + int(exponent)
    digits = digits.rstrip("0")
    count = len(digits)
    minus = "-" if sign else ""
    if count <= point <= 21:
        return minus + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{minus}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if count > 1 else ""
    power = point - 1
    return f"{minus}{digits[0]}{fraction}e{'+' if power > 0 else '-'}{abs(power)}"


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise _invalid(f"a member's name is {name!r}, not text")
    return name


def canonical_json(value: Any, depth: int = 1) -> str:
    """:raises AffidavitError: ``invalid_event`` for what JSON cannot write: NaN, sets, bytes, other objects, cycles."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, datetime):
        return _text(rfc3339(value))
    if isinstance(value, uuid.UUID):
        return _text(str(value))
    if depth > _DEPTH_MAX:
        raise _invalid(f"it is nested deeper than {_DEPTH_MAX} levels, or holds itself")
    if isinstance(value, dict):
        names = sorted(map(_name, value), key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(name)}:{canonical_json(value[name], depth + 1)}" for name in names) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(canonical_json(element, depth + 1) for element in value) + "]"
    raise _invalid(f"it holds a {type(value).__name__}, which is no JSON")
