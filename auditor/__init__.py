"""Evidence packs for SOC 2 from what AWS API Gateway, IAM and key rotation really are, route by route."""

__version__ = "0.1.0"
