"""Worth, returns, options, break-even."""
