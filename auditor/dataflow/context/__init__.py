"""The variables of `$context`: which there are, and which hold a value under which authorizer."""
