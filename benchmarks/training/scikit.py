#!/usr/bin/env python3
"""The same training in scikit-learn: data in memory, shuffled every epoch, ReLU, Adam, single precision.

usage: scikit.py SECONDS THREADS NETWORK:BATCH...

Set OPENBLAS_NUM_THREADS and OMP_NUM_THREADS to THREADS too. Prints a line of CSV for each network.
"""

import sys
import time

import numpy
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

seconds, threads = float(sys.argv[1]), sys.argv[2]
for argument in sys.argv[3:]:
    network, batch = argument.split(":")
    widths, batch = [int(width) for width in network.split("-")], int(batch)
    rows = min(65536, max(4 * batch, 2**23 // widths[0]))
    rows -= rows % batch
    random = numpy.random.default_rng(1)
    x = random.uniform(-1, 1, (rows, widths[0])).astype(numpy.float32)
    settings = dict(hidden_layer_sizes=widths[1:-1], activation="relu", solver="adam", alpha=0, batch_size=batch, random_state=1)
    if widths[-1] == 1:
        model, y = MLPRegressor(**settings), x.sum(1)
        learn = lambda: model.partial_fit(x, y)
    else:
        classes = numpy.arange(widths[-1])
        model, y = MLPClassifier(**settings), random.integers(0, widths[-1], rows)
        learn = lambda: model.partial_fit(x, y, classes)

    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds / 2:
        learn()
    first, epochs = time.perf_counter(), 0
    while time.perf_counter() - first < seconds:
        learn()
        epochs += 1
    rate = epochs * rows / (time.perf_counter() - first)
    # Its squared error has a factor of one half.
    loss = model.loss_ * (2 if widths[-1] == 1 else 1)
    print(f"scikit-learn-{sklearn.__version__},{network},{batch},{threads},{rate:.0f},{loss:.5f}", flush=True)
