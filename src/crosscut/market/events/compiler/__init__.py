"""Events compiled for a world."""
