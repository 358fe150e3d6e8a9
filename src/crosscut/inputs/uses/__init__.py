"""Uses: who uses a mineral, as people write it in a CSV, of an economy or of a mineral."""
