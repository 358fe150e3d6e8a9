"""The store of facts: tables declared, checked, compiled, opened."""
