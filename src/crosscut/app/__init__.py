"""Entrances: the command line and the Python calls. They say who shows documents."""

from crosscut.results.presentation import Presentation, present_with


def _presentation() -> Presentation:
    from crosscut.output import document_output

    return document_output


present_with(_presentation)
