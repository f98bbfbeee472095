"""What becomes of one call: found, matched and walked through the deployed flow, step by step, with three-valued answers."""
