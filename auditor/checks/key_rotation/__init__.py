"""What is renewed, and when."""
