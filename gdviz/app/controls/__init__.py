"""The controls of the window."""
