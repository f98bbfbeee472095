"""One module per service: its pages to resources."""
