"""One module for each owner of figures."""
