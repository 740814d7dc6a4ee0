#!/usr/bin/env python3
"""Writes versions of every kind, questions, and what the service answers to them, for the tests.

usage: JAVA_HOME=a JDK 25, make.py backprop.jar DIRECTORY

Starts the jar with the Java kernels, trains small models, and writes into DIRECTORY for each
  NAME.zip       its artefact
  NAME.csv       the answers to questions.csv (or to inputs.json), with its column id, and with intervals if it has any
and questions.csv, a table of which each model takes some columns.
"""
import csv
import io
import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request

JAR, OUT = sys.argv[1], sys.argv[2]
PORT = 18473
BASE = f"http://127.0.0.1:{PORT}/api/v1"
draw = random.Random(17)
CELLS = ["code", "kind", "temp", "size", "open", "day", "moment", "price"]
INTERVAL = "0.8"


def ask(method, path, body=None, kind="application/json", accept="application/json"):
    headers = {"Content-Type": kind, "Accept": accept, "Prefer": "wait=60"}
    request = urllib.request.Request(BASE + path, None if body is None else body.encode(), headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as e:
        sys.exit(f"{method} {path} {body}: {e.read().decode()}")


def row(i):
    temp = round(draw.uniform(-20, 40), 2)
    size = draw.randint(0, 60)
    kind = draw.choice(["old", "new", "used", "None"])
    is_open = draw.random() < 0.5
    cells = {
        "id": i,
        "code": draw.choice(["007", "7.50", "1E5", "x1"]),
        "kind": kind,
        "temp": "" if i % 9 == 0 else temp,
        "size": size,
        "open": str(is_open).lower(),
        "day": f"20{10 + i % 15:02}-{1 + i % 12:02}-{1 + i % 28:02}",
        "moment": f"2024-{1 + i % 12:02}-{1 + i % 28:02}T{i % 24:02}:{i % 60:02}:{i % 60:02}Z",
        "price": round(3.5 + size * 0.25 + draw.gauss(0, 0.4), 3),
    }
    cells |= {
        "grade": ["low", "mid", "high"][min(2, int((size + draw.random() * 8) // 22))],
        "level": 1 + (size > 30),
        "sold": str(temp + draw.gauss(0, 3) > 10).lower(),
        "wet": str(kind == "old").lower(),
        "y": round(temp * 0.5 + size + draw.gauss(0, 1), 3),
        "z": round(cells["price"] * 2 + draw.gauss(0, 0.5), 3),
    }
    return cells


def text(rows, names):
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def train(name, target, more=None, network=None, training=None, encoding=None):
    targets = target if isinstance(target, list) else [target]
    used = CELLS + targets
    body = {
        "model": name,
        "data": {"dataset": "stock", "target": target, "columns": {
            column: {"type": "ignore"} for column in ROWS[0] if column not in used
        }},
        "network": {"layers": [{"type": "dense", "units": 4, "activation": "tanh"}], **(network or {})},
        "training": {"epochs": 15, "batchSize": 16, "seed": 3, **(training or {"validationFraction": 0.3})},
        **({"encoding": encoding} if encoding else {}),
        **(more or {}),
    }  # fmt: skip
    answer = json.loads(ask("POST", "/trainings", json.dumps(body)))
    assert answer["state"] == "succeeded", answer


def keep(name, body, kind, interval=""):
    with open(os.path.join(OUT, name + ".zip"), "wb") as file:
        file.write(ask("GET", f"/models/{name}/versions/1/artifact", accept="application/zip"))
    with open(os.path.join(OUT, name + ".csv"), "wb") as file:
        file.write(ask("POST", f"/models/{name}/predictions?{interval}", body, kind, "text/csv"))


ROWS = [row(i) for i in range(600)]
SPLINES = {"numbers": "piecewise-linear", "categories": {"type": "one-hot", "rare": 5}, "columns": {"size": "robust"}}


def main():
    command = [
        os.path.join(os.environ["JAVA_HOME"], "bin", "java"), "-Xmx1g", "-jar", JAR, f"--server.port={PORT}",
        "--backprop.kernels=java", "--backprop.storage=memory",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/actuator/health/readiness")
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.2)
        ask("POST", "/datasets?name=stock", text(ROWS, list(ROWS[0])), "text/csv")
        train("classes", "grade")
        train("numberclasses", "level")
        train("truth", "sold")
        train("numbers", "y")
        train("several", ["y", "z"], training={"calibration": True, "bagging": {"folds": 2}})
        train("multilabel", ["sold", "wet"])
        train("quantiles", "y", network={"loss": {"type": "quantile", "taus": [0.1, 0.5, 0.9]}}, training={"calibration": True, "bagging": {"folds": 2}})
        train("embedded", "y", network={"embeddings": {"code": {"units": 2}, "kind": {}}})
        train("encodings", "y", encoding=SPLINES)
        train("folds", "grade", training={"crossValidation": {"folds": 3}})
        train("bagging", "y", training={"calibration": True, "bagging": {"folds": 3}})
        train("shared", "grade", network={"members": 3})
        train("sets", "grade", training={"calibration": True, "bagging": {"folds": 3}})
        members = [{}, {"encoding": SPLINES}, {"network": {"members": 2}}]
        train("ensemble", "y", more={"ensemble": {"choose": "all", "members": members}}, training={"calibration": True, "bagging": {"folds": 2}})
        bare = {
            "model": "bare",
            "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]] * 4, "targets": [[0], [1], [1], [0]] * 4},
            "network": {"layers": [{"type": "dense", "units": 4, "activation": "tanh"}]},
            "training": {"epochs": 5},
        }
        assert json.loads(ask("POST", "/trainings", json.dumps(bare)))["state"] == "succeeded"
        asked = [row(1000 + i) for i in range(60)]
        for i, cells in enumerate(asked):
            if i % 10 == 1:
                cells["kind"] = "never seen"
            if i % 10 == 2:
                cells["size"] = 10_000
            if i % 10 == 3:
                cells["code"] = "7.5"
        questions = text(asked, ["id", *CELLS])
        with open(os.path.join(OUT, "questions.csv"), "w") as file:
            file.write(questions)
        for name in MODELS:
            keep(name, questions, "text/csv", f"pass=id&interval={INTERVAL}" if name in INTERVALS else "pass=id")
        inputs = json.dumps({"inputs": [[i / 4, 1 - i / 8] for i in range(8)]})
        keep("bare", inputs, "application/json")
    finally:
        process.terminate()
        process.wait()


# Those whose rows were all held out once.
INTERVALS = {"sets", "several", "quantiles", "bagging", "ensemble"}
MODELS = [
    "classes", "numberclasses", "truth", "numbers", "several", "multilabel", "quantiles", "embedded", "encodings", "folds", "bagging",
    "shared", "sets", "ensemble",
]  # fmt: skip

main()
