"""What is read off a stress ensemble."""
