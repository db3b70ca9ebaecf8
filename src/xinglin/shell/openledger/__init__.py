"""The open ledger: public pages on checkpoints and proofs, and the facts behind a figure."""
