#!/usr/bin/env python3
"""The same training in PyTorch: data in memory, shuffled every epoch, ReLU, Adam.

usage: pytorch.py SECONDS THREADS NETWORK:BATCH...

Set OPENBLAS_NUM_THREADS and OMP_NUM_THREADS to THREADS too. Prints a line of CSV for each network.
"""

import sys
import time

import torch

seconds, threads = float(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)
for argument in sys.argv[3:]:
    network, batch = argument.split(":")
    widths, batch = [int(width) for width in network.split("-")], int(batch)
    rows = min(65536, max(4 * batch, 2**23 // widths[0]))
    rows -= rows % batch
    layers = []
    for p, q in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(p, q), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    x = torch.rand(rows, widths[0]) * 2 - 1
    if widths[-1] == 1:
        y, loss_function = x.sum(1, keepdim=True), torch.nn.MSELoss()
    else:
        y, loss_function = torch.randint(widths[-1], (rows,)), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)

    begun, first, examples, total = time.perf_counter(), None, 0, 0.0
    while first is None or time.perf_counter() - first < seconds:
        order = torch.randperm(rows)
        for i in range(0, rows, batch):
            index = order[i : i + batch]
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(x[index]), y[index])
            loss.backward()
            optimizer.step()
            if first is not None:
                examples += batch
                if i % (16 * batch) == 0 and time.perf_counter() - first > seconds:
                    break
            elif time.perf_counter() - begun > seconds / 2:
                first = time.perf_counter()
    rate = examples / (time.perf_counter() - first)
    print(f"pytorch-{torch.__version__.split('+')[0]},{network},{batch},{threads},{rate:.0f},{loss.item():.5f}", flush=True)
