#!/usr/bin/env python3
"""Published results beside ours, as a table.

usage: table.py NETWORKS_FILE RUNS_FILE

The file of the networks says, for each published number, the accuracy in percent, on which set, and at which epoch. That is a
number, `last`, the `best` for that set, or the one that is `best validation`. The file also says what stands beside it: the
`best` of our seeds, as the book has the best of three, or their `mean`. What is expected is at most 0.3 points below, or what `expect` says.
"""

import json
import statistics
import sys

with open(sys.argv[1]) as file:
    networks = json.load(file)
with open(sys.argv[2]) as file:
    lines = [line.rstrip("\n").split(";") for line in file if ";" in line]
header, lines = lines[0], [line for line in lines if line[0] != "network"]
runs = {}
for line in lines:
    runs.setdefault(line[0], []).append(dict(zip(header, line)))


def judge(expect, value, published, run):
    if expect == "at most 15":
        return value <= 15
    if expect == "rises, stays below 50":
        return statistics.mean(float(r["test 1"]) for r in run) < value < 50
    if expect == "chance":
        return 5 < value < 20
    return value >= published - 0.3


print("| network | of | published, % | which | ours, % | each seed | |")
print("|---|---|---|---|---|---|---|")
for network in networks:
    run = runs.get(network["name"], [])
    for published in network["published"]:
        if not run:
            continue
        column = f"{published['set']} {published['at']}"
        every = [float(r[column]) for r in run]
        value = max(every) if published["of"] == "best" else statistics.mean(every)
        expect = published.get("expect", "")
        good = judge(expect, value, published["accuracy"], run)
        at = {"best": "at its best epoch", "last": "at the end", "best validation": "at the best epoch for validation"}
        where = at.get(published["at"], f"after epoch {published['at']}")
        print(
            f"| {network['name']} | {network['source']} | {published['accuracy']:.2f} | {published['set']}, {where}"
            f"; {published['of']} of {len(every)} | {value:.2f} | {', '.join(f'{x:.2f}' for x in every)}"
            f" | {'yes' if good else 'no'}{': ' + expect if expect else ''} |"
        )
