"""Samples: those that ship with the program, and tables that people bring."""
