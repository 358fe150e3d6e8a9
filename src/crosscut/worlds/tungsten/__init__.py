"""The tungsten world: concentrate and scrap into oxide, powder and ferrotungsten, country by country."""

from crosscut.worlds.tungsten.assembly import tungsten_evidence

__all__ = ["tungsten_evidence"]
