"""View models (pure), and HTML, PDF, CSV and JSON Lines made from them."""
