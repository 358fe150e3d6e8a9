"""One page on a mineral."""
