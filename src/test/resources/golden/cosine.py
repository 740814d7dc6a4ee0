#!/usr/bin/env python3
# Prints the coefficients of Elementwise.cosineOfTurns and their largest absolute error. They are those of an odd polynomial of degree 9,
# which is next to sin(2 pi u) for |u| <= 1/4.
# Found by Lawson's iteration of weighted least squares (1961). Needs numpy.
import numpy as np

n = 4000
u = 0.25 * np.cos(np.pi / 2 * (np.arange(n) + 0.5) / n)  # Chebyshev's points
y = np.sin(2 * np.pi * u)
columns = np.stack([u ** k for k in range(1, 10, 2)], axis=1)
weights = np.full(n, 1 / n)
error, best = 1, None
for _ in range(300):
    root = np.sqrt(weights)
    p = np.linalg.lstsq(columns * root[:, None], y * root, rcond=None)[0]
    errors = np.abs(columns @ p - y)
    if errors.max() < error:
        error, best = errors.max(), p
    weights *= errors
    weights /= weights.sum()
print(" ".join(str(np.float32(c)) for c in best))
print("%.2g" % error)
