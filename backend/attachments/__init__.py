"""Pictures people attach: checked, cleaned, kept, and shown through signed links."""
