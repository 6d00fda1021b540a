"""What the objective says of the data: curves, decisions, confusions."""
