"""Questions asked of one run or two: what changed, why, and is it enough."""
