"""The ledger: facts in gapless order, each linked to the one before, under a signed Merkle root."""
