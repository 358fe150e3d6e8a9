"""Screening: worlds of one form, for minerals without tables of their own."""
