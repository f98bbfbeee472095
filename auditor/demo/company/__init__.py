"""Halvorsen Parcels, a company that does not exist: two accounts, two regions, good and bad routes."""

from auditor.demo.company.secrets import MARKED_SECRETS

PRODUCTION = "111122223333"
PARTNERS = "444455556666"
MANAGEMENT = PRODUCTION
"""The account that manages the organization."""
EUROPE = "eu-west-1"
AMERICA = "us-east-1"

__all__ = ["AMERICA", "EUROPE", "MANAGEMENT", "MARKED_SECRETS", "PARTNERS", "PRODUCTION"]
