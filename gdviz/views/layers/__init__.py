"""The layers of a network at the cursor."""
