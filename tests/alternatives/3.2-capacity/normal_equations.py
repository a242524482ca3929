def capacity(measured, rows):
    design = np.array([[1.0, one["rows"]] for one in measured])
    middle = [sorted(one["ms"])[len(one["ms"]) // 2] for one in measured]
    found = {}
    for name, values in (("bytes", [one["bytes"] for one in measured]), ("ms", middle)):
        answer, *_ = np.linalg.lstsq(design, np.array(values, dtype=float), rcond=None)
        found[name] = float(answer @ [1.0, rows])
    return found
