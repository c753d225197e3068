"""Means and their 95 % intervals over trials: Student's t, without a library."""

import math


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method (Abramowitz and Stegun, 26.5.8)."""
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 500):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + step * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + step / c
            c = c if abs(c) > tiny else tiny
            result *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return result


def _tail(t: float, freedom: int) -> float:
    """How likely a |T| above t is."""
    x = freedom / (freedom + t * t)
    a, b = freedom / 2, 0.5
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) if 0 < x < 1 else 0
    if x >= 1:
        return 1.0
    return front * _beta_fraction(a, b, x) / a if x < (a + 1) / (a + b + 2) else 1 - front * _beta_fraction(b, a, 1 - x) / b


def t_quantile(freedom: int, alpha: float = 0.05) -> float:
    """What |T| is above with the chance alpha."""
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _tail(middle, freedom) > alpha else (low, middle)
    return (low + high) / 2


def estimate(values: list[float]) -> tuple[float, float, float]:
    """The mean, and the ends of its 95 % interval; these are not numbers with fewer than two values."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, math.nan, math.nan
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    reach = t_quantile(len(values) - 1) * deviation / math.sqrt(len(values))
    return mean, mean - reach, mean + reach


def change(first: list[float], other: list[float]) -> tuple[float, float, float]:
    """By what share the second of each pair differs from the first, by differences of logarithms."""
    if any(value <= 0 for value in first + other):
        # Zero has no logarithm: the change of the means, and no interval.
        whole = sum(first)
        return (sum(other) / whole - 1 if whole else math.nan), math.nan, math.nan
    return tuple(math.exp(value) - 1 for value in estimate([math.log(b) - math.log(a) for a, b in zip(first, other)]))
