"""One pure module per check, in a folder per domain."""
