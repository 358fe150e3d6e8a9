"""Equations: the market evaluated at given prices in compiled loops, and its certificate.

Tests: tests/market/test_kernel.py
"""
