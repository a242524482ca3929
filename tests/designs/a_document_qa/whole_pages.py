"""A reader that takes a web page whole: navigation, breadcrumbs and footer are in every passage of it."""

CHANGES = [
    ("documents", 'body = page.find("article") or page.find("main") or page', "body = page"),
    ("documents", 'if node.find_parent(["nav", "footer", "aside", "header", "li"]):', 'if node.find_parent("li"):'),
]
HALF = "search"
LOSES: set[str] = set()
LOWERS = {"hit_rate"}
