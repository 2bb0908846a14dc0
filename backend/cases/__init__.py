"""What a closed matter teaches others (以案释法): drafted, anonymised, approved, read."""
