"""Faults that learners make in 1.2-softmax."""

MUTANTS = [
    ("divides by the largest instead of the sum", "values", "powers / powers.sum()", "powers / powers.max()"),
    ("forgets to divide", "values", "powers / powers.sum()", "powers"),
    ("uses powers of two", "values", "np.exp(scaled - scaled.max())", "np.exp2(scaled - scaled.max())"),
    ("sorts on the way", "values", "np.asarray(logits, dtype=float)", "np.sort(np.asarray(logits, dtype=float))"),
    ("does not subtract anything", "stable", "scaled - scaled.max()", "scaled"),
    ("subtracts the mean", "stable", "scaled.max()", "scaled.mean()"),
    ("subtracts the smallest", "stable", "scaled.max()", "scaled.min()"),
    ("cuts what is large", "stable", "scaled - scaled.max()", "np.clip(scaled, -700, 700)"),
    ("ignores the temperature", "temperature", "dtype=float) / temperature", "dtype=float)"),
    ("multiplies by the temperature", "temperature", "dtype=float) / temperature", "dtype=float) * temperature"),
    ("divides after the exponential", "temperature", "/ temperature\n    powers = np.exp(scaled - scaled.max())", "\n    powers = np.exp(scaled - scaled.max()) / temperature"),
    ("lets a temperature of zero pass", "refuses", "temperature <= 0", "temperature < 0"),
    ("takes the absolute value of the temperature", "refuses", "if temperature <= 0:\n        raise ValueError(f\"a temperature is above zero, not {temperature}\")", "temperature = abs(temperature) or 1.0"),
]
