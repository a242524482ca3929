"""Sorts the forecasts into lists, one for each bin, by comparing with the bins' edges."""

from statistics import mean


def calibration(confidences, outcomes, bins=10):
    pairs = list(zip(confidences, map(int, outcomes), strict=True))
    if not pairs:
        raise ValueError("no forecasts, no score")
    boxes = [[] for _ in range(bins)]
    for said, was in pairs:
        number = next(i for i in range(bins) if said < (i + 1) / bins or i + 1 == bins)
        boxes[number].append((said, was))
    full = [box for box in boxes if box]
    gaps = [abs(mean(said for said, _ in box) - sum(was for _, was in box) / len(box)) for box in full]
    return dict(
        brier=mean((said - was) ** 2 for said, was in pairs),
        ece=sum(len(box) / len(pairs) * gap for box, gap in zip(full, gaps, strict=True)),
    )
