"""Reads a format of an access log."""

from functools import lru_cache

from auditor.dataflow.trace.log_format import LogFormat
from auditor.model.gateway import Protocol


@lru_cache(maxsize=4096)
def read(text: str, _protocol: Protocol) -> LogFormat:
    """Return a format, taken apart."""
    return LogFormat(text, is_json=False, variables=(), troubles=())
