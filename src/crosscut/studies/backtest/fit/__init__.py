"""What the episodes teach."""
