"""Pages and fragments of the ledger."""
