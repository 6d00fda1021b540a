"""What is drawn: a view is told, it never asks."""
