"""The tables of a result, declared."""
