"""The market as arrays: chain, world, curves."""
