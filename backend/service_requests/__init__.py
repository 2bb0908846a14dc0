"""Service requests: what a resident says is wrong or needed, from the form to the last word."""
