"""Sign-in, grants, sensitive fields and the records of all three."""
