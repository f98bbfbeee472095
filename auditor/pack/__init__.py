"""The bag: folder and zip, with its manifest."""
