"""Client of an Affidavit audit log: standard library only.

>>> client = Affidavit(url="https://audit.example.com", api_key="afd_live_…")  # doctest: +SKIP
>>> client.record({"kind": "call", "outcome": "success", "provider_id": "crm"})  # doctest: +SKIP
"""

from ._client import Affidavit, TailPage
from ._emitter import find_gaps
from ._errors import AffidavitError
from ._spooling import SpoolReport

__all__ = ["Affidavit", "AffidavitError", "SpoolReport", "TailPage", "find_gaps"]
__version__ = "0.1.0"
