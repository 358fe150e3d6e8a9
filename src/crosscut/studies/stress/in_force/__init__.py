"""Measures in force in every draw."""
