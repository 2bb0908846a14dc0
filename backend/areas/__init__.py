"""The county as data: its areas and units, what can be asked for, who answers, and by when."""
