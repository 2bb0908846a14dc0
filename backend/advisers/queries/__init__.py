"""Read models of advisers and of their ledger."""
