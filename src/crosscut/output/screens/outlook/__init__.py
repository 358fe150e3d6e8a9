"""Screens of an outlook."""
