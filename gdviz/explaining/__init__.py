"""Explanations of an update: its equations with numbers, its parts, its past, its limit of stability."""
