"""Cash: taxes, write-offs, the waterfall, who gets what."""
