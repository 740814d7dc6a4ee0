#!/usr/bin/env python3
"""How sure models are of their answers, through a running service: the expected calibration error, and what intervals and sets of 0.9 cover.

usage: measure.py BASE_URL DATA_DIRECTORY PRESET TABLE=TRAININGS …     such as california_housing=20 adult=1
Each training has a seed of its own and, unless the table has an official split, rows of its own: a fifth is kept from it and predicted.
Prints a line of CSV for each training.
"""

import csv
import io
import json
import os
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "accuracy"))
import random  # noqa: E402

import tables  # noqa: E402

base, directory, preset = sys.argv[1:4]
BINS = 15


def call(method, path, body=None, **headers):
    request = urllib.request.Request(base + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=3600) as answer:
            return answer.read()
    except urllib.error.HTTPError as e:
        raise RuntimeError(f"{method} {path}: {e.code} {e.read().decode()}") from e


def split(table, number):
    if table in tables.OFFICIAL:
        return next(tables.splits(directory, table))
    header, rows = tables.read(f"{directory}/{table}.csv")
    order = list(range(len(rows)))
    random.Random(number).shuffle(order)
    cut = len(rows) - len(rows) // 5
    return tables.Split(table, number, header, [rows[i] for i in order[:cut]], [rows[i] for i in order[cut:]])


def trained(part, seed):
    name = f"{part.table}-{seed}"
    dataset = json.loads(call("POST", f"/api/v1/datasets?name={name}", tables.text(part.header, part.training), **{"Content-Type": "text/csv"}))
    body = {"model": part.table, "preset": preset, "training": {"seed": seed},
            "data": {"dataset": dataset["id"], "target": part.target, "task": "regression" if part.numeric else "classification"}}
    begun = time.time()
    job = json.loads(call("POST", "/api/v1/trainings", json.dumps(body).encode(), **{"Content-Type": "application/json"}))
    while job["state"] in ("queued", "running"):
        time.sleep(1)
        job = json.loads(call("GET", f"/api/v1/trainings/{job['id']}"))
    if job["state"] != "succeeded":
        raise RuntimeError(job["error"])
    return time.time() - begun, json.loads(call("GET", f"/api/v1/models/{part.table}/versions/{job['result']['version']}"))


def ece(probabilities, actual):
    gaps = [0.0] * BINS
    for each, truth in zip(probabilities, actual):
        top = max(each, key=each.get)
        b = min(BINS - 1, max(0, -int(-each[top] * BINS // 1) - 1))
        gaps[b] += (top == truth) - each[top]
    return sum(map(abs, gaps)) / len(actual)


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["table", "preset", "training", "seconds", "rows", "ece", "temperature", "coverage", "mean_size_or_width"])
    for asked in sys.argv[4:]:
        table, times = asked.split("=")
        for number in range(int(times)):
            part = split(table, number)
            seconds, card = trained(part, number)
            answer = call("POST", f"/api/v1/models/{table}/versions/{card['version']}/predictions?interval=0.9&unknown=ignore",
                          tables.text(part.header, part.held_out), **{"Content-Type": "text/csv", "Accept": "application/x-ndjson"})
            rows = [json.loads(line) for line in answer.decode().splitlines() if line]
            actual = part.actual()
            n = len(actual)
            if part.numeric:
                covered = sum(r["interval"][0] <= y <= r["interval"][1] for r, y in zip(rows, actual)) / n
                size = sum(r["interval"][1] - r["interval"][0] for r in rows) / n
                error = temperature = ""
            else:
                covered = sum(str(y) in [str(c) for c in r["set"]] for r, y in zip(rows, actual)) / n
                size = sum(len(r["set"]) for r in rows) / n
                error = f"{ece([r['probabilities'] for r in rows], [str(y) for y in actual]):.4f}"
                temperature = f"{card['calibration']['temperature']:.3f}" if "calibration" in card else ""
            out.writerow([table, preset, number, f"{seconds:.0f}", n, error, temperature, f"{covered:.4f}", f"{size:.4g}"])
            sys.stdout.flush()


main()
