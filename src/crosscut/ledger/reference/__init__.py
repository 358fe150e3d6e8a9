"""Reference tables: trade, production, governance, and which version of them is read."""
