"""Acts on things that run, and on several days at once."""
