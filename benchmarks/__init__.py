"""Speed as ratios against the obvious alternative, measured in the same run."""
