"""What is read off a solved market."""
