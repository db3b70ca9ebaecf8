"""The worklog: what happened that no other engine covers, logged by one person and verified by another."""
