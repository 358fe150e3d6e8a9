"""What is known about a mineral, and who says so."""
