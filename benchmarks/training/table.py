#!/usr/bin/env python3
"""The medians of the runs, as a table.

usage: table.py RUNS
"""

import statistics
import sys

runs = {}
names = {}
with open(sys.argv[1]) as file:
    for line in file:
        who, network, batch, threads, rate, _ = line.rstrip("\n").split(",")
        if rate:
            name, _, version = who.rpartition("-") if "-" in who else (who, "", "")
            names.setdefault(name, who)
            runs.setdefault((name, network, batch, int(threads)), []).append(float(rate))
rates = {key: statistics.median(values) for key, values in runs.items()}
others = [name for name in names if name not in ("ours", "bare")]
networks = list(dict.fromkeys((network, batch) for _, network, batch, _ in rates))


def best(network, batch, threads):
    """PyTorch's, in whichever version; on 2 threads its better of 1 and 2."""
    found = [
        rate
        for (name, n, b, t), rate in rates.items()
        if "pytorch" in name and (n, b) == (network, batch) and t <= threads
    ]
    return max(found, default=None)


def text(value, form=",.0f"):
    return "" if value is None else format(value, form)


for threads in (1, 2):
    print(f"\nExamples/s, medians, {threads} thread{'s' if threads > 1 else ''}; the ratio is ours to the best of PyTorch"
          f"{', on 1 thread or 2' if threads > 1 else ''}; bare is the step's products alone, by sgemm"
          f"{', of two steps at once' if threads > 1 else ''}:\n")
    heads = ["network, batch", "ours"] + [names[name] for name in others] + ["ratio", "bare", "of bare"] + (["2 threads over 1"] if threads > 1 else [])
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for network, batch in networks:
        ours = rates["ours", network, batch, threads]
        peer = best(network, batch, threads)
        cells = [f"{network}, {batch}", text(ours)]
        cells += [text(rates.get((name, network, batch, threads))) for name in others]
        cells.append(text(peer and ours / peer, ".2f"))
        bare = rates.get(("bare", network, batch, threads))
        cells += [text(bare), text(bare and ours / bare, ".2f")]
        if threads > 1:
            cells.append(text(ours / rates["ours", network, batch, 1], ".2f"))
        print(f"| {' | '.join(cells)} |")
