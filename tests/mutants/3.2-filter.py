"""Faults that learners make in 3.2-filter."""

MUTANTS = [
    ("leaves the distance as it comes", "nearest", '.distance_type("cosine")', ""),
    ("returns distances for similarities", "nearest", '1 - row["_distance"]', 'row["_distance"]'),
    ("returns what is farthest", "nearest", "for row in rows]", "for row in rows][::-1]"),
    ("takes ten, whatever was asked for", "nearest", ".limit(k)", ".limit(10)"),
    ("filters what was found", "before", '.where(" AND ".join(conditions))', '.where(" AND ".join(conditions), prefilter=False)'),
    ("searches ten times as deep and filters then", "before", ".limit(k)", ".limit(2 * k)", '.where(" AND ".join(conditions))', '.where(" AND ".join(conditions), prefilter=False)', "for row in rows]", "for row in rows][:k]"),
    ("is content with one of the conditions", "all", '" AND ".join', '" OR ".join'),
    ("looks at the last condition only", "all", '" AND ".join(conditions)', "conditions[-1]"),
    ("takes the first of a list", "all", "', '.join(map(quoted, wanted))", "quoted(wanted[0])"),
    ("pastes values into the query", "quotes", """value.replace("'", "''")""", "value"),
    ("drops apostrophes", "quotes", """value.replace("'", "''")""", """value.replace("'", "")"""),
    ("escapes with a backslash", "quotes", """value.replace("'", "''")""", """value.replace("'", "\\\\'")"""),
    ("looks for the text None", "empty", 'f"{column} IS NULL"', """f"{column} = 'None'\""""),
    ("says that something equals NULL", "empty", 'f"{column} IS NULL"', 'f"{column} = NULL"'),
    ("takes an empty list for no condition", "empty", "return []", "continue"),
]
