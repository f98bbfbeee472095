"""What reports show, computed from a pack's contents: pure, frozen, shared by HTML and PDF. Templates only print it."""
