"""Economies: what a shortage costs the rest of an economy, through an input-output table that the user
brings.

Pure: `table` (the type), `propagation` (Leontief, Ghosh, inoperability), `ario` (day by day, with stocks),
`uses` (tonnes short to output that stops), `risk` (value added at risk). `pymrio_folder` reads a
table from a folder, `study` makes the result.
"""
