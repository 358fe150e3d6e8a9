"""The market: one mineral, one year, several forms, many countries, solved for prices and flows.

Pure calculation. Reads no files, knows no ledger, keeps no clock.
"""
