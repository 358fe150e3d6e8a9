"""Coupling: a project's tonnes in the market, and the price it then sees, until neither moves."""

from crosscut.coupling.fixed_point import Coupled, coupled

__all__ = ["Coupled", "coupled"]
