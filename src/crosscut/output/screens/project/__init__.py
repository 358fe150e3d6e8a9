"""Screens of a project."""
