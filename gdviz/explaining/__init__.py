"""Why an update goes where it goes: its equations with numbers, its parts, its past, its limit of stability."""
