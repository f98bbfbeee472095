"""What is done to a call and to its answer on the way: the closed list of kinds, each with its fixed sentence."""
