"""What can change on the path of one route: a module a question."""
