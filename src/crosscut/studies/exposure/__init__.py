"""How exposed a country is."""
