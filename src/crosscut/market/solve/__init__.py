"""Solving a market, and the certificate of a solution."""
