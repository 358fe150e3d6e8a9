"""Screens of a solved market."""
