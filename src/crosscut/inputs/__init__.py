"""Inputs: the files that people write, read and checked."""
