def find(table, query, k, where):
    """A post-filter, done right: as deep as the table."""
    everything = table.search(query).distance_type("cosine").limit(table.count_rows()).to_list()
    for column, wanted in where.items():
        if isinstance(wanted, list):
            everything = [row for row in everything if row[column] in wanted]
        else:
            everything = [row for row in everything if row[column] == wanted]
    return [[row["id"], 1 - row["_distance"]] for row in everything[:k]]
