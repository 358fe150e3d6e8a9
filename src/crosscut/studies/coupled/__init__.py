"""Coupling: a project's tonnes in the market, and the price it then sees, until neither moves."""

from crosscut.studies.coupled.fixed_point import Coupled, coupled

__all__ = ["Coupled", "coupled"]
