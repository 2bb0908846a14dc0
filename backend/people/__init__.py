"""People: who someone is, how they sign in, and which roles they hold for how long."""
