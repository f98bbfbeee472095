"""Formats of access logs: whether what they write can be read, and names who called."""

from auditor.dataflow.trace.classify import stage_trace, trace_of
from auditor.dataflow.trace.log_format import LogFormat, LogVariable
from auditor.dataflow.trace.read import read

__all__ = ["LogFormat", "LogVariable", "read", "stage_trace", "trace_of"]
