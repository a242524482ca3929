def near_duplicates(texts, names):
    """Cosine of counts of letter groups, in one matrix; what holds a fact is looked for word by word."""
    lowered = [" ".join(text.lower().split()) for text in texts]
    groups = [[text[at : at + 5] for at in range(len(text) - 4)] for text in lowered]
    place = {group: number for number, group in enumerate(sorted({group for row in groups for group in row}))}
    matrix = np.zeros((len(texts), len(place)))
    for row, found in enumerate(groups):
        for group in found:
            matrix[row, place[group]] += 1
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    alike = matrix @ matrix.T
    telling = []
    for text in texts:
        words = [word.strip(".,;:-") for word in text.split()]
        lower = {name.lower() for name in names}
        telling.append({word.lower() for word in words if word.lower() in lower or re.search(r"\d", word)})
    return [
        [i, j]
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        if alike[i, j] > 0.7 and (telling[i] <= telling[j] or telling[j] <= telling[i])
    ]
