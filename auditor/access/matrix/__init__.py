"""Every identity against every AWS_IAM route at once: a layer is a few numbers, a route is a bit in them."""
