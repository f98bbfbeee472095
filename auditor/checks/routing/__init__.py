"""Where calls go, and how they get there."""
