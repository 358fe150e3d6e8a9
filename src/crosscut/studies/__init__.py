"""Studies: one room for each question."""
