"""Events: from the proposal of a meeting to its settled file, and who was there for how long."""
