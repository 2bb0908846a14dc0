"""Volunteering: activities and their shifts, who comes, who was there, and the hours it makes."""
