"""One module a step that may refuse a call, each three-valued."""
