"""Places that are few: pools, holds, windows, waiting lists and fair queues, exact by the database."""
