"""Outlook files."""
