#!/usr/bin/env python3
# Prints the coefficients of Elementwise.millsRatio and their largest relative error. They are those of a polynomial p of degree 9.
# With t = 1 / (1 + 0.32 x), t p(t) is next to m(x) over all x >= 0.
#   m(x) = (1 - Phi(x)) / phi(x) = sqrt(pi/2) erfcx(x / sqrt(2))
# Found by Lawson's iteration of weighted least squares (1961). Needs numpy and scipy.
import numpy as np
from scipy.special import erfcx

n = 4000
t = 0.5 + 0.5 * np.cos(np.pi * (np.arange(n) + 0.5) / n)  # Chebyshev's points of (0, 1)
x = (1 / t - 1) / 0.32
columns = np.vander(t, 10, increasing=True) * (t / (np.sqrt(np.pi / 2) * erfcx(x / np.sqrt(2))))[:, None]
weights = np.full(n, 1 / n)
error, best = 1, None
for _ in range(300):
    root = np.sqrt(weights)
    p = np.linalg.lstsq(columns * root[:, None], root, rcond=None)[0]
    errors = np.abs(columns @ p - 1)
    if errors.max() < error:
        error, best = errors.max(), p
    weights *= errors
    weights /= weights.sum()
print(" ".join("%.9g" % c for c in best))
print("%.2g" % error)
