"""How exposed a company is by what it buys."""
