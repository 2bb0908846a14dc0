"""What can be done in volunteering. Every function owns its transaction."""
