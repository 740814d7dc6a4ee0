#!/usr/bin/env python3
"""Tables from JMH's file of results.

usage: table.py CSV
"""

import csv
import sys

times = {}
with open(sys.argv[1]) as file:
    for row in csv.DictReader(file):
        benchmark, method = row["Benchmark"].split(".")[-2:]
        settings = tuple(value for key, value in row.items() if key.startswith("Param: ") and value)
        times.setdefault(benchmark, {}).setdefault(settings, {})[method] = float(row["Score"])


def table(benchmark, title, heads, cells):
    if benchmark in times:
        print(f"\n{title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
        for settings, of in times[benchmark].items():
            print(f"| {' | '.join(cells(settings, of))} |")


def product(settings, of):
    which, shape = settings
    rows, inputs, units = (int(extent) for extent in shape.split("x"))
    flops = 2 * rows * inputs * units
    speed = {side: flops / time for side, time in of.items()}
    return [shape, which] + [f"{speed[side]:.1f}" for side in ("ours", "bare", "plain")] + [
        f"{speed['ours'] / speed['bare']:.2f}",
        f"{speed['ours'] / speed['plain']:.1f}",
    ]


table(
    "ProductBenchmark",
    "Products, GFLOP/s on one thread; bare is one call of cblas_sgemm",
    ["rows x inputs x units", "product", "ours", "bare", "plain", "ours/bare", "ours/plain"],
    product,
)


def nanoseconds(*methods):
    return lambda settings, of: [" ".join(settings)] + [f"{of[method]:.2f}" for method in methods]


table(
    "ActivationBenchmark",
    "Activations, ns an element; plain is double precision by Math",
    ["activation", "forward", "plain", "backward", "plain"],
    nanoseconds("forward", "plainForward", "backward", "plainBackward"),
)
table(
    "LossBenchmark", "Losses, ns an output", ["loss", "outputs", "sum", "derivative"], nanoseconds("outputs", "sum", "delta")
)
table("OptimizerBenchmark", "Optimizers, ns a parameter", ["optimizer", "step"], nanoseconds("step"))
if "PlainAdamBenchmark" in times:
    print(f"\nAdam as its paper writes it, in double precision: {times['PlainAdamBenchmark'][()]['step']:.2f} ns")


def gathered(settings, of):
    floats = 128 * int(settings[0])
    return [settings[0]] + [f"{4 * floats / of[method]:.1f}" for method in ("gather", "copy")]


table("GatherBenchmark", "A batch of 128 rows gathered, GB/s", ["inputs", "gathered", "copied as one run"], gathered)
