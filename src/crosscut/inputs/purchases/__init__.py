"""What a company bought, as people have it: CSV or XLSX in any locale, read or refused row by row."""
