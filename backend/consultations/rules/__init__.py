"""Pure rules of meetings and of written questions."""
