"""What is changed on the way: each mapping, template and silent change of API Gateway, as one sentence."""
