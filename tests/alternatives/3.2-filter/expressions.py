from functools import reduce

from lancedb.expr import col, lit


def find(table, query, k, where):
    parts = []
    for column, wanted in where.items():
        if wanted is None:
            parts.append(f"{column} IS NULL")
        elif wanted == []:
            return []
        else:
            choices = [wanted] if isinstance(wanted, str) else wanted
            parts.append(reduce(lambda a, b: a | b, [col(column) == lit(choice) for choice in choices]))
    found = table.search(query).metric("cosine")
    for part in parts:
        found = found.where(part if isinstance(part, str) else part.to_sql(), prefilter=True)
    rows = found.limit(k).select(["id", "_distance"]).to_arrow().to_pylist()
    return tuple((row["id"], 1.0 - row["_distance"]) for row in rows)
