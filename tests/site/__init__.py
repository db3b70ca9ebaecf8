"""The command line: backup and restore, the demonstration, checks, and what is said about bad input."""
