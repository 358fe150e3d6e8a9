"""Risk: what can happen to a mineral in a year, how often, and what it costs a country.

Hazards are counted from the bundled history (`base_rates`) and completed by one table of assumptions
(`assumptions`); `futures` draws them, `measures` turns a drawn year into events of the market, `losses`
solves it, `store` keeps the draws in chunks that survive a kill, `summary` and its neighbours answer from
them.
"""
