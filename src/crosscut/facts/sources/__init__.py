"""facts/sources."""
