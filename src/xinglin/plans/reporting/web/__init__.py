"""Pages of the reports of plans."""
