"""The ways in which an identity comes to administrative rights, or to write rights on the gateway."""
