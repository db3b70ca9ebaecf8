"""Acts of plans, one module a noun."""
