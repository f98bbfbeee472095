"""Who may do what: policies in recognised forms."""
