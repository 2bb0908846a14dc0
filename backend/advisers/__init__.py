"""The register of village legal advisers, whom they serve, and their ledger."""
