"""How rules and formulas are written: reading, expressions, numbers, and other notations."""
