"""Pages of account security."""
