import numpy as np


def find(table, query, k, where):
    rows = table.to_arrow().to_pylist()

    def meets(row):
        for column, wanted in where.items():
            allowed = wanted if isinstance(wanted, list) else [wanted]
            if row[column] not in allowed:
                return False
        return True

    fitting = [row for row in rows if meets(row)]
    query = np.asarray(query, dtype=float)
    scored = []
    for row in fitting:
        vector = np.asarray(row["vector"], dtype=float)
        scored.append((row["id"], float(vector @ query / np.linalg.norm(vector) / np.linalg.norm(query))))
    scored.sort(key=lambda pair: pair[1], reverse=True)
    return scored[:k]
