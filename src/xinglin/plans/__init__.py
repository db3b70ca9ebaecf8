"""Plans: reads documents into commitments, measures them from the ledger, writes the year's report."""
