"""What the published feasibility studies are asked with."""

from __future__ import annotations

from crosscut.studies.request import Request


class FeasibilityRequest(Request):
    """Published feasibility studies of tungsten deposits, rebuilt: what each says, and what comes out here.

    Returns
    -------
    document
        Of kind ``project``, table `project_studies`.
    """

    question = "project studies"
