"""Telling people: the in-app inbox, and WeChat subscription messages where one was granted."""
