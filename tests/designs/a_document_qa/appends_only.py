"""An update that adds what is new and deletes nothing."""

CHANGES = [("index", "gone = sorted(present - set(wanted))", "gone = list[str]()")]
HALF = "search"
LOSES = {"freshness"}
