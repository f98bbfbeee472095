"""The access review: who holds what now, what of it is new, and what was decided about it before."""
