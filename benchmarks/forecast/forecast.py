#!/usr/bin/env python3
"""What a running service forecasts of trainings, and what they take. To be called by run.

usage: forecast.py BASE_URL DATA_DIRECTORY [NAMES]

Of each training, three forecasts are compared with what it takes: the seconds and the epochs of validateOnly, and the time left that its
resource tells while it runs, from its first epoch on until half a second before its end.
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

service, directory = client.Client(sys.argv[1]), sys.argv[2]
names = sys.argv[3].split(",") if len(sys.argv) > 3 and sys.argv[3] else None

NARROW = [{"type": "dense", "units": 64}]
WIDE = [{"type": "dense", "units": 256}, {"type": "dense", "units": 256}]
NORMED = [{"type": "dense", "units": 128}, {"type": "batch-norm"}, {"type": "dense", "units": 128}, {"type": "dropout", "rate": 0.1}]
RECIPE = [{"type": "dense", "units": 192}, {"type": "dropout", "rate": 0.1}, {"type": "dense", "units": 192}, {"type": "dropout", "rate": 0.1}]
BINS = {"numbers": {"type": "piecewise-linear", "bins": 24}}
ADAMW = {"type": "adamw", "learningRate": 0.002, "weightDecay": 0.0003}


def recipe(**training):
    return {"encoding": BINS, "network": {"members": 8, "layers": RECIPE},
            "training": {"optimizer": ADAMW, "batchSize": 128, "earlyStopping": {"patience": 16}, **training}}


# Name, table, what is said beside its target, which is the last column.
TRAININGS = [
    ("preset default", "concrete", {}),
    ("preset fast", "california_housing", {"preset": "fast"}),
    ("plain, small", "concrete", {"preset": "plain"}),
    ("plain", "california_housing", {"preset": "plain"}),
    ("plain, one-hot", "adult_train", {"preset": "plain"}),
    ("wide", "diamonds", {"network": {"layers": WIDE}, "training": {"batchSize": 256}}),
    ("normed, no early stopping", "digits8x8", {"network": {"layers": NORMED}, "training": {"earlyStopping": "none", "epochs": 60}}),
    ("embeddings", "wa_churn", {"encoding": {"categories": "embedding"}, "network": {"layers": NARROW}}),
    ("lbfgs", "abalone", {"network": {"layers": NARROW}, "training": {"optimizer": "lbfgs", "epochs": 200, "validationFraction": 0.2}}),
    ("cross-validated", "shuttle", {"network": {"layers": NARROW}, "training": {"crossValidation": {"folds": 4}, "epochs": 30, "batchSize": 128}}),
    ("bins and members", "california_housing", recipe(epochs=60)),
    ("bins, members and folds", "concrete", recipe(bagging={"folds": 5})),
    ("members, one-hot", "mushrooms", {"network": {"members": 4, "layers": WIDE}, "training": {"batchSize": 128}}),
    ("folds", "mammography", {"network": {"layers": WIDE}, "training": {"bagging": {"folds": 5}, "batchSize": 64}}),
]


def call(method, path, body=None, **headers):
    return json.loads(service.call(method, path, body, **headers) or b"null")


def start(body, query=""):
    return call("POST", "/api/v1/trainings" + query, json.dumps(body).encode(), **{"Content-Type": "application/json"})


def ratio(a, b):
    return max(a / b, b / a) if a > 0 and b > 0 else float("inf")


def watch(training):
    """The training at its end, and when it had which time left."""
    told = []
    while training["state"] in ("queued", "running"):
        eta = training["progress"]["etaSeconds"]
        if eta is not None:
            told.append((time.monotonic(), eta))
        time.sleep(0.1)
        training = call("GET", f"/api/v1/trainings/{training['id']}")
    if training["state"] != "succeeded":
        raise RuntimeError(f"{training['state']} {training.get('error')}")
    end = time.monotonic()
    return training, [(end - at, eta) for at, eta in told if end - at > 0.5]


def measure(name, table, more):
    with open(f"{directory}/{table}.csv", "rb") as file:
        text = file.read()
    dataset = call("POST", "/api/v1/datasets?name=t", text, **{"Content-Type": "text/csv"})["id"]
    header = next(csv.reader(io.StringIO(text.decode())))
    body = {"model": "m", "data": {"dataset": dataset, "target": header[-1]}, **more}
    plan = start(body, "?validateOnly=true")
    begun = time.monotonic()
    training, left = watch(start(body))
    took = time.monotonic() - begun
    forecast, result = plan["estimate"], training["result"]
    off = [ratio(eta, true) for true, eta in left]
    call("DELETE", f"/api/v1/datasets/{dataset}")
    print(f"| {name} | {table} | {forecast.get('epochs', 0):.0f} | {result['epochs']} | {forecast.get('seconds', 0):.2f} | {took:.2f} | "
          f"{ratio(forecast.get('seconds', 0), took):.2f} | {f'{off[0]:.2f}' if off else ''} | {f'{statistics.median(off):.2f}' if off else ''} | {f'{max(off):.2f}' if off else ''} | {len(off)} |", flush=True)


service.ready()
time.sleep(6)
measure("(not counted: the first)", "iris", {"preset": "plain"})
print("| training | table | epochs, forecast | ran | seconds, forecast | took | off by | time left, at first off by | median | worst | told |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for one in TRAININGS:
    if names is None or one[0] in names:
        measure(*one)
