"""What everything else stands on; it knows no feature, no HTTP and no vendor."""
