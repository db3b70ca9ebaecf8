"""What people do with the house from beginning to end, in a real browser against real processes."""
