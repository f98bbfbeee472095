"""What changed: resources, deviations, coverage, catalog."""
