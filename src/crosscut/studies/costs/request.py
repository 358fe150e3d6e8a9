"""What the cost curve is asked with."""

from __future__ import annotations

from crosscut.studies.request import Request, Seed


class CostsRequest(Request):
    """The cost curve of tungsten, with every bundled deposit on it.

    Returns
    -------
    document
        Of kind ``project``, table `cost_curve`.
    """

    question = "project costs"
    seed: Seed = 1
