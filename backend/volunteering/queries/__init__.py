"""Reading volunteering."""
