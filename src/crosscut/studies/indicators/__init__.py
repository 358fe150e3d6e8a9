"""Indicators: concentration, reliance, GeoPolRisk, EU criticality and USGS 2021, computed from facts alone.

Formulas are pure functions of numbers and arrays (`concentration`, `reliance`, `eu_criticality`, `usgs_2021`,
`geopolrisk`); `panel` lays the facts out as arrays; `answers` turns a question into rows, each with an
interval, a coverage, its source and, where there is no value, the reason. `spec.json` lists every indicator.
"""
