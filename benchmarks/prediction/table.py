#!/usr/bin/env python3
"""The medians of the rounds, as tables.

usage: table.py RUNS
"""

import statistics
import sys

runs = {}
with open(sys.argv[1]) as file:
    for line in list(file)[1:]:
        network, what, who, _, *numbers = line.rstrip("\n").split(";")
        runs.setdefault((network, what, who), []).append([float(number) for number in numbers])
medians = {key: [statistics.median(column) for column in zip(*rounds)] for key, rounds in runs.items()}

print("\nA row, medians of the rounds:\n")
print("| network | who | median, µs | p99, µs | rows/s | bytes a call |\n|---|---|---|---|---|---|")
for (network, what, who), (median, p99, rate, size) in medians.items():
    if what == "1 row":
        print(f"| {network} | {who} | {median / 1e3:.2f} | {p99 / 1e3:.2f} | {rate:,.0f} | {size:,.0f} |")

print("\nMany rows, rows/s:\n")
print("| network | what | ours | ONNX Runtime | ratio |\n|---|---|---|---|---|")
for (network, what, who), (_, _, rate, _) in medians.items():
    if what.endswith("rows") and who == "ours":
        other = medians[network, what, "onnxruntime"][2]
        print(f"| {network} | {what} at once | {rate:,.0f} | {other:,.0f} | {rate / other:.2f} |")
for network in dict.fromkeys(network for network, _, _ in medians):
    one, two = (medians[network, f"1 row, on {threads}", "ours"][2] for threads in (1, 2))
    print(f"| {network} | row by row, 2 threads over 1 | {two:,.0f} | | {two / one:.2f} over {one:,.0f} |")
