"""`auditor demo`: the whole job, twice, on a sample company."""
