"""Names: one facility however it is written: Latin, Cyrillic, Chinese, Japanese, transliterated, misspelt,
mis-decoded."""

from __future__ import annotations

from crosscut.ledger.names.facilities import Name, Resolution, facility_named, facility_names, resolved

__all__ = ["Name", "Resolution", "facility_named", "facility_names", "resolved"]
