"""Where calls go, and what stands before that."""
