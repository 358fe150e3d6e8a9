"""Chunks of draws, solved and kept."""
