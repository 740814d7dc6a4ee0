#!/usr/bin/env python3
"""Trains on real data sets over HTTP and prints what the held-out rows say.

usage: accuracy.py BASE_URL DATA_DIRECTORY [mnist|adult|california|flights ...]

The data directory holds mnist/*.gz (IDX files), adult_train.csv, adult_test.csv, california_housing.csv and
flights_3m.csv.gz. Standard library only; starts nothing itself.
"""

import csv
import gzip
import io
import json
import statistics
import sys
import time
import urllib.error
import urllib.request

base, directory = sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/")


def call(method, path, body=None, **headers):
    if isinstance(body, (dict, list)):
        body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(base + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            return answer.read()
    except urllib.error.HTTPError as e:
        sys.exit(f"{method} {path}: {e.code} {e.read().decode()}")


def upload(name, body, **headers):
    return json.loads(call("POST", f"/api/v1/datasets?name={name}", body, Content_Type="text/csv", **headers))["id"]


def train(model, dataset, target, **rest):
    begun = time.monotonic()
    request = {"model": model, "data": {"dataset": dataset, "target": target}, **rest}
    training = json.loads(call("POST", "/api/v1/trainings", request))
    while training["state"] in ("queued", "running"):
        training = json.loads(call("GET", f"/api/v1/trainings/{training['id']}", Prefer="wait=60"))
    if training["state"] != "succeeded":
        sys.exit(f"{model}: {training['state']} {training['error']}")
    card = json.loads(call("GET", f"/api/v1/models/{model}/versions/{training['result']['version']}"))
    return training, card, time.monotonic() - begun


def remove(model, *datasets):
    call("DELETE", f"/api/v1/models/{model}")
    for dataset in datasets:
        call("DELETE", f"/api/v1/datasets/{dataset}")


def idx(name):
    with gzip.open(f"{directory}/mnist/{name}", "rb") as file:
        content = file.read()
    dimensions = content[3]
    sizes = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    return sizes, content[4 + 4 * dimensions :]


def mnist_csv(part):
    (rows, height, width), pixels = idx(f"{part}-images-idx3-ubyte.gz")
    _, labels = idx(f"{part}-labels-idx1-ubyte.gz")
    size = height * width
    text = [str(i) for i in range(256)]
    lines = [",".join([f"p{i}" for i in range(size)] + ["digit"])]
    for row in range(rows):
        image = pixels[row * size : (row + 1) * size]
        lines.append(",".join([text[p] for p in image]) + f",{labels[row]}")
    return ("\n".join(lines) + "\n").encode()


def mnist():
    images, tests = mnist_csv("train"), mnist_csv("t10k")
    dataset, test = upload("mnist-train", images), upload("mnist-test", tests)
    training, card, seconds = train(
        "mnist",
        dataset,
        "digit",
        network={"layers": [{"type": "dense", "units": 100, "activation": "relu"}]},
        training={"epochs": 20, "batchSize": 64, "seed": 1, "validationFraction": 1 / 12,
                  "schedule": "cosine", "regularization": {"l2": 0.0001}},
    )
    held_out = json.loads(call("POST", "/api/v1/models/mnist/evaluations", {"dataset": test}))
    accuracy = held_out["metrics"]["accuracy"]
    dropped = sum("constant" in warning for warning in card["warnings"])
    print(f"mnist 784-100-10: test accuracy {accuracy:.4f} after {len(training['history'])} epochs, "
          f"{seconds:.1f} s, warnings of constant columns: {dropped}")
    remove("mnist", dataset, test)


def adult():
    with open(f"{directory}/adult_train.csv", "rb") as file:
        dataset = upload("adult", file.read())
    _, card, seconds = train("adult", dataset, "income")
    with open(f"{directory}/adult_test.csv", "rb") as file:
        tests = file.read()
    answers = call("POST", "/api/v1/models/adult/predictions", tests, Content_Type="text/csv", Accept="text/csv")
    predicted = [row["prediction"] for row in csv.DictReader(io.StringIO(answers.decode()))]
    actual = [row["income"] for row in csv.DictReader(io.StringIO(tests.decode()))]
    assert len(predicted) == len(actual), (len(predicted), len(actual))
    right = sum(p == a for p, a in zip(predicted, actual)) / len(actual)
    print(f"adult, defaults: accuracy on the official test file {right:.4f} ({len(actual)} rows), {seconds:.1f} s")
    remove("adult", dataset)


def california():
    with open(f"{directory}/california_housing.csv", "rb") as file:
        content = file.read()
    values = [float(row["medianHouseValue"]) for row in csv.DictReader(io.StringIO(content.decode()))]
    dataset = upload("california", content)
    training, card, seconds = train("california", dataset, "medianHouseValue",
                                    training={"testFraction": 0.2, "seed": 1})
    rmse = card["metrics"]["test"]["rmse"]
    print(f"california housing, defaults: test RMSE {rmse:.0f} = {rmse / statistics.pstdev(values):.4f} standard "
          f"deviations ({card['metrics']['test']['rows']} rows), {seconds:.1f} s")
    remove("california", dataset)


def flights():
    with open(f"{directory}/flights_3m.csv.gz", "rb") as file:
        compressed = file.read()
    begun = time.monotonic()
    dataset = upload("flights", compressed, Content_Encoding="gzip")
    uploaded = time.monotonic() - begun
    _, card, trained = train("flights", dataset, "delay", training={"epochs": 1, "batchSize": 1024})
    begun = time.monotonic()
    answers = call("POST", "/api/v1/models/flights/predictions", gzip.decompress(compressed),
                   Content_Type="text/csv", Accept="text/csv")
    predicted = time.monotonic() - begun
    rows = answers.count(b"\n") - 1
    print(f"flights: uploaded in {uploaded:.1f} s, one epoch in {trained:.1f} s, {rows} rows predicted in {predicted:.1f} s")
    remove("flights", dataset)


for name in sys.argv[3:] or ["mnist", "adult", "california", "flights"]:
    {"mnist": mnist, "adult": adult, "california": california, "flights": flights}[name]()
