"""Pages and the report file."""
