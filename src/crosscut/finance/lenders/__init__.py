"""Borrowing, closing, servicing."""
