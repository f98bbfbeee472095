"""The evaluator: what IAM decides of one request, with everything that a snapshot holds, in three values."""
