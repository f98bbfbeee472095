"""One module an API, or two that belong together: what stands at the end of the second quarter, and what the third brought."""
