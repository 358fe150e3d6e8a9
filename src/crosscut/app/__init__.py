"""Entrances: the command line and the Python calls."""
