"""The fourteen steps of a call, one module each, in the order in which API Gateway decides."""
