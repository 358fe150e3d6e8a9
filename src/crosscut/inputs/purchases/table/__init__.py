"""The file itself: its encoding, its cells, its sheets."""
