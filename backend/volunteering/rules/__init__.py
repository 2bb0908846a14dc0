"""Pure rules of volunteering."""
