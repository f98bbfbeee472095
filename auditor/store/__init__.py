"""Canonical bytes, content-addressed objects, snapshots and pack records, behind one small protocol."""
