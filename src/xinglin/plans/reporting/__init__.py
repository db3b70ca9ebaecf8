"""Reports of a plan: the year's summary, the check of a draft, the decomposition table, performance, bulletins."""
