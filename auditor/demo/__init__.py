"""The simulated AWS and the sample company (extra `auditor[demo]`)."""
