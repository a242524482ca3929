"""Faults that learners make in 3.1-protect."""

MUTANTS = [
    ("takes capitals with a hyphen for a code", "codes", r"(?=[A-Z0-9-]*\d)", ""),
    ("wants digits after the first hyphen", "codes", "(?:-[A-Z0-9]+)+", r"(?:-\d+)+"),
    ("knows two groups only", "codes", "(?:-[A-Z0-9]+)+", "-[A-Z0-9]+"),
    ("knows codes without figures in the first group", "codes", "[A-Z][A-Z0-9]*(?:-", "[A-Z]+(?:-"),
    ("forgets the groups in parentheses", "clauses", r"(?:\(\w+\))*", ""),
    ("knows one group in parentheses", "clauses", r"(?:\(\w+\))*", r"(?:\(\w+\))?"),
    ("knows two levels of numbers", "clauses", r"(?:\.\d+)*", ""),
    ("leaves the word before a number outside", "clauses", r"(?:[Cc]lause|Section|Art\.|§)\s\d+|", ""),
    ("forgets the sections' sign", "clauses", r"|§)\s", r")\s"),
    ("knows clauses at the start of a sentence only", "clauses", "[Cc]lause", "Clause"),
    ("leaves the minus outside", "quantities", r'r"-?\d+(?:[.,]', r'r"\d+(?:[.,]', r"(?<![\w.,-])", r"(?<![\w.,])"),
    ("knows decimal points and no commas", "quantities", r'r"-?\d+(?:[.,]\d+)*', r'r"-?\d+(?:\.\d+)*'),
    ("knows the ordinary blank only", "quantities", r"(?:[.,]\d+)*\s(?:", "(?:[.,]\\d+)* (?:"),
    ("keeps the number without its unit", "quantities", r'\s(?:" + "|".join(UNITS) + ")"', r'(?=\s(?:" + "|".join(UNITS) + "))"'),
    ("collects form by form, out of order", "together", "return [found.span() for found in re.finditer(kept, text)]",
     "return [f.span() for form in (code, clause, quantity) for f in re.finditer(rf'(?<![\\w.,-])(?:{form})(?![\\w-]|[.,]\\d)', text)]"),
]
