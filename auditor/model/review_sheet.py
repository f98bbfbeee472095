"""The columns of the access review sheet, as the pack writes it and as the register takes it back."""

SHOWN = (
    "who", "path", "api", "stage", "account", "region", "routes", "access", "conditions", "new", "last_used",
    "last_decision", "last_reason", "last_reviewer", "last_date",
)  # fmt: skip
"""What a reviewer reads; not read again."""
GRANT = ("principal", "kind", "grant")
"""What is granted to whom. A grant of several routes has one ARN a line."""
MARKS = ("keep", "revoke")
ANSWERS = ("reason", "reviewer", "date")
"""What a reviewer fills in beside the mark."""
NEEDED = (*GRANT, *MARKS, *ANSWERS)
COLUMNS = (*SHOWN, *NEEDED)
