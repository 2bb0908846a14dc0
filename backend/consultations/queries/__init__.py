"""Reads of meetings and of written questions."""
