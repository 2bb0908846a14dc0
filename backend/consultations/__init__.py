"""Meeting the village's legal adviser, and asking in writing."""
