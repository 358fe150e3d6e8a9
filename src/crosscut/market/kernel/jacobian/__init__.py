"""Jacobian: the matrix of Newton's method, made in blocks of one form each and eliminated.

Tests: tests/market/test_kernel.py, tests/market/test_kernel_rows.py
"""
