"""The reference data in use, and newer ones."""
