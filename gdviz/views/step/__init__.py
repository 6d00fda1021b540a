"""The step at the cursor, explained."""
