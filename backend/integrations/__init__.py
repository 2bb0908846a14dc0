"""The only code that touches a vendor."""
