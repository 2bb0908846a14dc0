"""Pure rules of advisers: who they are, conflicts of interest, and the ledger."""
