"""Forecasts: written down before, scored after: `measures` makes the rows, `register` seals them, `scoring`
compares."""
