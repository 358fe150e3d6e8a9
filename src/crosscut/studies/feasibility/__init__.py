"""Published feasibility studies, rebuilt."""
