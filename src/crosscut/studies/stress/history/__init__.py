"""Rates from what has happened."""
