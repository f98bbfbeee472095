"""What API Gateway asks of a call before IAM, and beside it: gates, and who passes them."""
