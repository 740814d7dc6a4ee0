#!/usr/bin/env python3
"""Trains on every table through a running service, and predicts the rows that are held out. To be called by run.

usage: ours.py BASE_URL DATA_DIRECTORY OUT.csv PRESETS TABLES SPLITS [BODY.json]
"""

import csv
import io
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import client  # noqa: E402
import tables  # noqa: E402

base, directory, out, presets, names, most = sys.argv[1:7]
extra = json.load(open(sys.argv[7])) if len(sys.argv) > 7 else {}
CSV = {"Content-Type": "text/csv"}
service = client.Client(base)
call = service.call


def merged(one, other):
    """Objects are merged, all else is replaced."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one.get(key), value) for key, value in other.items()}}
    return other


def train(split, preset, more):
    dataset = json.loads(call("POST", f"/api/v1/datasets?name={split.table}", tables.text(split.header, split.training), **CSV))["id"]
    request = {"model": split.table, "data": {"dataset": dataset, "target": split.target}}
    if preset != "none":
        request["preset"] = preset
    body = json.dumps(merged(request, more)).encode()
    begun = time.monotonic()
    training = json.loads(call("POST", "/api/v1/trainings", body, **{"Content-Type": "application/json"}))
    while training["state"] in ("queued", "running"):
        training = json.loads(call("GET", f"/api/v1/trainings/{training['id']}", Prefer="wait=60"))
    seconds = time.monotonic() - begun
    if training["state"] != "succeeded":
        raise RuntimeError(f"{split.table}: {training['state']} {training.get('error')}")
    return dataset, seconds


def ask(split, rows):
    body = tables.text(split.header[:-1], [row[:-1] for row in rows])
    begun = time.monotonic()
    answer = call("POST", f"/api/v1/models/{split.table}/predictions", body, Accept="text/csv", **CSV)
    return answer, time.monotonic() - begun


def per_row(split):
    """Microseconds, the median of three after one to warm up, of the rows held out again and again if they are few."""
    rows = split.held_out * -(-tables.TIMED_ROWS // len(split.held_out))
    return statistics.median([ask(split, rows)[1] for _ in range(4)][1:]) / len(rows) * 1e6


def measure(split, preset, method, more):
    dataset, seconds = train(split, preset, more)
    answers = list(csv.DictReader(io.StringIO(ask(split, split.held_out)[0].decode())))
    actual = split.actual()
    assert len(answers) == len(actual), (len(answers), len(actual))
    if split.numeric:
        score, loss = tables.relative_error(actual, [float(answer["prediction"]) for answer in answers]), None
    else:
        score = tables.accuracy(actual, [answer["prediction"] for answer in answers])
        loss = tables.log_loss([float(answer.get(f"probability_{a}", 0)) for answer, a in zip(answers, actual)])
    line = tables.line(split, method, score, loss, seconds, per_row(split))
    call("DELETE", f"/api/v1/models/{split.table}")
    call("DELETE", f"/api/v1/datasets/{dataset}")
    return line


service.ready()
# Not measured: the first training is slower than all others.
measure(next(tables.splits(directory, "iris")), "none", "", {})
failed = 0
for table in names.split(",") if names else tables.TABLES:
    for split in tables.splits(directory, table, int(most)):
        for preset in presets.split(","):
            method = "ours" if preset == "none" else f"ours-{preset}"
            try:
                line = measure(split, preset, method, extra)
            except RuntimeError as e:
                print(f"{table} {split.number} {preset}: {e}", file=sys.stderr, flush=True)
                failed += 1
                continue
            tables.store(out, [line])
            print(",".join(str(line[field]) for field in tables.FIELDS), flush=True)
sys.exit(min(failed, 1))
