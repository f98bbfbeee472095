"""Register entries proposed from a snapshot, for a person to review: text that approves nothing. Pure."""
