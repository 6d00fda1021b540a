"""Runs as texts: Python programs, LaTeX, HTML."""
