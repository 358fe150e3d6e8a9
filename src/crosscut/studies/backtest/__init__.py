"""The market against real disruptions: episodes, what was known before, what it predicted, how it is scored.

`episode` holds the types, `folder` reads them, `measures` says what a measure does to a market,
`worlds_at_base` builds the market of the base year, `behaviour` holds the parameters of a market class,
`prediction` solves, `baselines` are the naive rivals, `scores` compares, `leave_one_out` fits without the
episode it predicts.
"""
