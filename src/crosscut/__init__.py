"""Crosscut: a mineral's whole supply chain as a solved market, with a source behind every number.

Public names load on first use; importing the package reads no file and writes nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"
