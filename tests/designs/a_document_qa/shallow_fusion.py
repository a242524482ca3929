"""Ten results of either search are merged instead of fifty."""

CHANGES = [("index", ".limit(50)", ".limit(10)")]
HALF = "search"
LOSES: set[str] = set()
