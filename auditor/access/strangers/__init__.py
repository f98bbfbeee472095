"""Whether a resource policy keeps strangers out: all calls in classes, the evaluator asked about each."""
