"""Who holds which rights in an account, and how people get in."""
