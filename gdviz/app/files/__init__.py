"""What the window opens, saves, imports, exports and compares."""
