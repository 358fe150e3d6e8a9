"""Events: what may happen to a market, and its compilation."""
