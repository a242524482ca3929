"""Faults that learners make in 3.2-capacity."""

MUTANTS = [
    ("multiplies the largest table", "ms", "fixed + slope * rows", "values[-1] / sizes[-1] * rows"),
    ("forgets the fixed part of the line", "ms", "slope, fixed = np.polyfit(sizes, values, 1)", "slope, fixed = np.dot(sizes, values) / np.dot(sizes, sizes), 0"),
    ("takes the time of the largest table for that of any", "ms", "fixed + slope * rows", "fixed + slope * max(sizes)"),
    ("multiplies the fixed part, too", "ms", "fixed + slope * rows", "(fixed + slope) * rows"),
    ("fits a curve that bends", "bytes", "slope, fixed = np.polyfit(sizes, values, 1)", "slope, fixed = np.polyfit(np.log(sizes), values, 1)\n        rows_ = np.log(rows)", "fixed + slope * rows", "fixed + slope * rows_"),
    ("adds up the tables", "bytes", 'line([one["bytes"] for one in measured])', 'line(np.cumsum([one["bytes"] for one in measured]))'),
    ("reads kilobytes", "bytes", 'line([one["bytes"] for one in measured])', 'line([one["bytes"] / 1024 for one in measured])'),
    ("takes the mean of the timings", "disturbed", "np.median(one[\"ms\"])", "np.mean(one[\"ms\"])"),
    ("takes the slowest timing", "disturbed", "np.median(one[\"ms\"])", "np.max(one[\"ms\"])"),
    ("takes the first timing", "disturbed", "np.median(one[\"ms\"])", "one[\"ms\"][0]"),
]
