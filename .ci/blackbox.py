#!/usr/bin/env python3
"""Checks a running Backprop over HTTP only: what it promises, and that bad input changes nothing.

    python3 .ci/blackbox.py http://127.0.0.1:8080 [--smoke | --stop PID] [--record FILE]

Starts nothing itself. Prints one line a check and at the end `N passed, N failed`. `--smoke` stops after the main job
(train, predict); `--record` writes the description of the API and every answer into a file, a line of JSON each, for RecordedAnswersTest;
`--stop` checks nothing but how the service with that process id ends when it is told to. Needs Python 3.9 or newer and nothing else.
"""

import argparse
import csv
import gzip
import http.client
import io
import json
import math
import os
import pathlib
import random
import re
import shlex
import signal
import socket
import sys
import threading
import time
import urllib.parse
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "docs" / "samples"
PENGUIN = (
    "island=Torgersen&bill_length_mm=39.1&bill_depth_mm=18.7&flipper_length_mm=181"
    "&body_mass_g=3750&sex=male&year=2007"
)
XOR = {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]]}
JSON = "application/json"
NDJSON = "application/x-ndjson"
CSV = "text/csv"
PROBLEM = "application/problem+json"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return self.headers.get(name.lower(), "")

    def __str__(self):
        return f"{self.status} {self.header('content-type')} {self.text[:300]}"


class Service:
    def __init__(self, base, key=None):
        url = urllib.parse.urlsplit(base)
        self.host, self.port = url.hostname, url.port or 80
        self.key = {"X-API-Key": key} if key else {}
        self.recording = None
        self.described = False

    def record(self, answer, method, path):
        if not self.described:
            self.described = True
            self.recording.write(json.dumps(self.get("/v3/api-docs").json) + "\n")
        line = {"method": method, "path": path.split("?")[0], "status": answer.status, "type": answer.header("content-type"), "content": answer.text}
        self.recording.write(json.dumps(line) + "\n")
        self.recording.flush()

    def request(self, method, path, body=None, timeout=90, **headers):
        """Sends one request; a dict or list as body is sent as JSON. Header names are written with underscores."""
        headers = {**self.key, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", JSON)
        if isinstance(body, str):
            body = body.encode()
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            try:
                connection.request(method, path, body, headers)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the answer may have come before all was sent
            response = connection.getresponse()
            lower = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, lower, response.read())
        finally:
            connection.close()
        if self.recording and method != "HEAD" and path.startswith("/api/") and not answer.header("content-encoding"):
            self.record(answer, method, path)
        return answer

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.request("POST", path, body, **headers)

    def train(self, body):
        """The answer to the POST, but with the training as it is when it has ended: plain kernels may take minutes."""
        answer = self.post("/api/v1/trainings", body, Prefer="wait=60")
        for _ in range(10):
            if answer.status != 202 or answer.json["state"] not in ("queued", "running"):
                break
            answer.body = self.get("/api/v1/trainings/" + answer.json["id"], Prefer="wait=60").body
        return answer

    def raw(self, data, timeout=20, then_read=True):
        """Sends bytes as they are, but for the key, and answers what comes back."""
        for name, value in self.key.items():
            data = data.replace(b"\r\nHost:", f"\r\n{name}: {value}\r\nHost:".encode(), 1)
        with socket.create_connection((self.host, self.port), timeout=timeout) as connection:
            try:
                connection.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the answer may have come before all was sent
            if not then_read:
                return None
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except (socket.timeout, ConnectionResetError):
                pass
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/") else 0
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        if headers.get("transfer-encoding") == "chunked":
            body = unchunk(body)
        return Answer(status, headers, body)

    def events(self, training, last_event_id=None, limit=None, timeout=60):
        """The events of a training as (id, name, data), or the status if it is not 200."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        headers = {"Accept": "text/event-stream", **self.key}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        try:
            connection.request("GET", f"/api/v1/trainings/{training}/events", headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                return response.status
            events, fields = [], {}
            for line in response:
                line = line.decode().rstrip("\r\n")
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(":")
                    fields[name] = fields.get(name, "") + value.removeprefix(" ")
                elif fields:
                    events.append((fields.get("id"), fields.get("event"), fields.get("data")))
                    fields = {}
                    if events[-1][1] == "end" or len(events) == limit:
                        break
            return events
        finally:
            connection.close()


def unchunk(body):
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size or b"0", 16)
        whole, body = whole + body[:length], body[length + 2 :]
    return whole


class Checks:
    def __init__(self):
        self.passed, self.failed = 0, []

    def that(self, name, ok, why=""):
        if ok:
            self.passed += 1
            print(f"ok    {name}", flush=True)
        else:
            self.failed.append(name)
            print(f"FAIL  {name}: {why}", flush=True)

    def status(self, name, answer, *expected):
        self.that(name, answer.status in expected, f"expected {expected}, got {answer}")

    def problem(self, name, answer, statuses, place=None):
        """A problem document: right status and type, a code, and the place: a pointer, or a pattern of the text."""
        statuses = statuses if isinstance(statuses, tuple) else (statuses,)
        wrong = []
        if answer.status not in statuses:
            wrong.append(f"expected status {statuses}")
        if not answer.header("content-type").startswith(PROBLEM):
            wrong.append("not a problem document")
        else:
            body = answer.json
            if body.get("status") != answer.status:
                wrong.append("status of the body differs")
            for member in ("type", "title", "detail", "code"):
                if not isinstance(body.get(member), str) or not body[member]:
                    wrong.append(f"no {member}")
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", body.get("code") or ""):
                wrong.append("code is not kebab-case")
            if re.search(r"Exception|java\.|tools\.jackson|springframework|\tat ", answer.text):
                wrong.append("shows the inside of the program")
            if place and place.startswith("/"):
                pointers = [error.get("pointer") for error in body.get("errors") or []]
                if place not in pointers:
                    wrong.append(f"expected pointer {place}, got {pointers}")
            elif place and not re.search(place, answer.text, re.IGNORECASE):
                wrong.append(f"does not name '{place}'")
        if answer.status in (429, 503) and not answer.header("retry-after"):
            wrong.append("no Retry-After")
        self.that(name, not wrong, f"{', '.join(wrong)}: {answer}")

    def group(self, function, *arguments):
        """Runs one group; an unexpected error is a failed check, not the end."""
        print(f"\n# {function.__doc__.splitlines()[0]}", flush=True)
        started = time.monotonic()
        try:
            function(self, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be counted
            line = error.__traceback__.tb_next.tb_lineno if error.__traceback__.tb_next else "?"
            self.that(function.__doc__, False, f"{type(error).__name__} at line {line}: {error}")
        print(f"      {time.monotonic() - started:.1f} s", flush=True)


# ---------------------------------------------------------------------------------------------- what it promises


def answers_its_health(check, service):
    """Health, information and metrics"""
    for _ in range(240):
        try:
            if service.get("/actuator/health/readiness").status == 200:
                break
        except OSError:
            pass
        time.sleep(0.25)
    for probe in ("liveness", "readiness"):
        answer = service.get(f"/actuator/health/{probe}")
        check.that(f"{probe} is up", answer.status == 200 and answer.json["status"] == "UP", answer)
    info = service.get("/actuator/info")
    check.that("info names the kernels", info.status == 200 and "kernels" in info.text, info)
    check.that("metrics are there", "backprop" in service.get("/actuator/prometheus").text)


def learns_xor(check, service):
    """XOR from bare numbers"""
    body = {
        "model": "xor",
        "data": XOR,
        "network": {
            "layers": [{"type": "dense", "units": 8, "activation": "tanh"}],
            "output": {"activation": "sigmoid"},
        },
        "training": {"epochs": 1000, "batchSize": 4, "seed": 1, "optimizer": {"type": "adam", "learningRate": 0.05}},
    }
    answer = service.train(body)
    check.status("training is accepted", answer, 202)
    training = answer.json
    check.that("the wait brings the end", training["state"] == "succeeded", answer)
    check.that("Location names the training", answer.header("location").endswith("/api/v1/trainings/" + training["id"]))
    check.that("the loss falls", training["history"][-1]["trainLoss"] < training["history"][0]["trainLoss"] / 10)
    for inputs, target in zip(XOR["inputs"], XOR["targets"]):
        query = ",".join(map(str, inputs))
        answer = service.get(f"/api/v1/models/xor/predictions?inputs={query}")
        near = answer.status == 200 and abs(answer.json["outputs"][0] - target[0]) < 0.1
        check.that(f"{query} gives {target[0]}", near, answer)
    answer = service.post("/api/v1/models/xor/predictions", {"inputs": XOR["inputs"]})
    outputs = [round(prediction["outputs"][0]) for prediction in answer.json["predictions"]]
    check.that("all four in one POST", outputs == [0, 1, 1, 0], answer)


def trains_penguins(check, service):
    """Penguins from CSV with defaults"""
    content = (SAMPLES / "penguins.csv").read_bytes()
    answer = service.post("/api/v1/datasets?name=penguins", content, Content_Type=CSV)
    check.status("the table is accepted", answer, 201)
    dataset = answer.json
    check.that("Location names it", answer.header("location").endswith("/api/v1/datasets/" + dataset["id"]), answer.headers)
    check.that("344 rows in 8 columns", dataset["rows"] == 344 and len(dataset["columns"]) == 8, answer)
    columns = {column["name"]: column for column in dataset["columns"]}
    check.that("types are inferred", columns["bill_length_mm"]["type"] == "numeric" and columns["sex"]["type"] == "categorical")
    check.that("missing values are counted", columns["bill_length_mm"]["missing"] == 2 and columns["sex"]["missing"] == 11, columns)

    answer = service.train({"model": "penguins", "data": {"dataset": dataset["id"], "target": "species"}})
    training = answer.json
    check.that("training succeeds", training["state"] == "succeeded", answer)
    result = training["result"] or {}
    check.that("the result is version 1", result.get("model") == "penguins" and result.get("version") == 1, result)
    check.that("the target is inferred", training["target"]["task"] == "classification" and training["target"]["inferred"], training["target"])
    check.that("the resolved spec is echoed", training["spec"]["training"]["batchSize"] == 32, training["spec"])
    check.that("progress is complete", training["progress"]["fraction"] == 1, training["progress"])
    check.that("the links lead to the model", service.get(urllib.parse.urlsplit(training["links"]["model"]).path).status == 200)

    card = service.get("/api/v1/models/penguins/versions/1").json
    metrics = card["metrics"]["outOfFold"]
    check.that("accuracy out of fold >= 0.97", metrics["accuracy"] >= 0.97, metrics)
    check.that("the answer says the preset", training["preset"] == "default", training)
    histories = [fold["history"] for member in card["ensemble"]["members"] for fold in member["folds"]]
    check.that("the card has a baseline, the folds' histories and provenance", metrics["baseline"] and all(histories) and card["provenance"], card.keys())

    answer = service.get(f"/api/v1/models/penguins/predictions?{PENGUIN}")
    prediction = answer.json
    check.that("GET predicts Adelie", prediction["prediction"] == "Adelie", answer)
    check.that("probabilities sum to 1", abs(sum(prediction["probabilities"].values()) - 1) < 1e-3, prediction)
    check.that("the answer names model and version", prediction["model"] == "penguins" and prediction["version"] == 1)
    return dataset["id"]


def answers_as_the_readme_says(check, service):
    """The README's first steps"""
    steps = (ROOT / "README.md").read_text(encoding="utf-8").split("## Train and predict")[1].split("From here on")[0]
    # Under another name: others train penguins too, and versions are never used again.
    steps = steps.replace("penguins", "readme-penguins").replace("samples/readme-penguins", "samples/penguins")
    expected = [shortened(text) for text in re.findall(r"```json\n(.*?)```", steps, re.DOTALL)]
    answers = []
    for command in re.findall(r"```sh\n(.*?)```", steps, re.DOTALL):
        words = shlex.split(command.replace("\\\n", " "))
        check.that("it is a curl", words[0] == "curl", words)
        url = urllib.parse.urlsplit(next(word for word in words if word.startswith("http://")))
        data = [words[i + 1] for i, word in enumerate(words) if word in ("-d", "--data-binary")]
        headers = dict(words[i + 1].split(": ") for i, word in enumerate(words) if word == "-H")
        body = (ROOT / data[0][1:]).read_bytes() if data and data[0].startswith("@") else data[0] if data else None
        path = url.path + ("?" + url.query if url.query else "")
        if path.endswith("/trainings"):
            answers.append(service.train(json.loads(body)))
        elif body:
            check.status("the upload", service.request("POST", path, body, **headers), 201)
        else:
            answers.append(service.get(path))
    check.that("it shows a training, a card and a prediction", len(expected) == len(answers) == 3, steps)
    for name, like, answer in zip(("the training", "the card", "the prediction"), expected, answers):
        check_like(check, name, like, answer.json)
    check.status("its model can be deleted", service.request("DELETE", "/api/v1/models/readme-penguins"), 204)


def shortened(text):
    """JSON in which … stands for more."""
    return json.loads(re.sub(r",(\s*[\]}])", r"\1", re.sub("…,?", "", text)))


def check_like(check, name, expected, actual):
    """Everything expected is there: texts the same, numbers within 5 % (processors round differently), but ids and times."""
    if isinstance(expected, dict):
        for key in [key for key in expected if key not in ("id", "seconds")]:
            check_like(check, f"{name}, {key}", expected[key], (actual or {}).get(key))
    elif name.endswith("history"):
        epochs = {entry["epoch"]: entry for entry in actual or []}
        for entry in expected:
            check_like(check, f"{name} of epoch {entry['epoch']}", entry, epochs.get(entry["epoch"]))
    elif isinstance(expected, float):
        near = isinstance(actual, (int, float)) and abs(actual - expected) <= max(0.05 * abs(expected), 1e-4)
        check.that(f"{name} is about {expected:.3g}", near, actual)
    else:
        check.that(f"{name} is {expected}", actual == expected, actual)


def reads_parquet(check, service):
    """Parquet is read as CSV is"""
    files = SAMPLES.parent.parent / "src" / "test" / "resources" / "parquet"
    same = service.post("/api/v1/datasets?name=csv", (files / "rows.csv").read_bytes(), Content_Type=CSV)
    check.status("the rows as CSV", same, 201)
    made = [same.json["id"]]
    for name in ("snappy", "gzip-v2", "zstd-pages"):
        content = (files / f"{name}.parquet").read_bytes()
        answer = service.post("/api/v1/datasets?name=parquet", content, Content_Type="application/vnd.apache.parquet")
        check.that(f"{name} has the same columns", answer.status == 201 and answer.json["columns"] == same.json["columns"], answer)
        made += [answer.json["id"]] if answer.status == 201 else []
    cut = (files / "snappy.parquet").read_bytes()[:-9]
    check.problem("a file that is cut", service.post("/api/v1/datasets", cut, Content_Type="application/vnd.apache.parquet"), 400)
    for dataset in made:
        service.request("DELETE", f"/api/v1/datasets/{dataset}")


def predicts_in_every_form(check, service):
    """Predictions: forms, caching, warnings"""
    path = "/api/v1/models/penguins/predictions"
    answer = service.get(f"{path}?{PENGUIN}")
    etag = answer.header("etag")
    check.that("GET carries an ETag and no-cache", etag and "no-cache" in answer.header("cache-control"), answer.headers)
    check.status("the same ETag is answered 304", service.get(f"{path}?{PENGUIN}", If_None_Match=etag), 304)
    other = service.get(f"{path}?{PENGUIN.replace('39.1', '49.1')}")
    check.that("other parameters, other ETag", other.header("etag") != etag, other.headers)
    check.status("under its version", service.get(f"/api/v1/models/penguins/versions/1/predictions?{PENGUIN}"), 200)

    warned = service.get(f"{path}?{PENGUIN.replace('Torgersen', 'Atlantis')}").json
    check.that("an unseen category warns", warned.get("warnings"), warned)
    warned = service.get(f"{path}?{PENGUIN.replace('3750', '99999')}").json
    check.that("a value out of range warns", warned.get("warnings"), warned)
    missing = service.get(f"{path}?island=Torgersen&year=2007")
    check.status("missing values are accepted where the data had some", missing, 200)
    check.status("the target as a column is accepted", service.get(f"{path}?{PENGUIN}&species=Gentoo"), 200)
    check.problem("a missing value where the data had none", service.get(f"{path}?{PENGUIN.replace('Torgersen', '')}"), 422, "island")
    check.problem("an unknown feature", service.get(f"{path}?{PENGUIN}&wingspan=3"), 400, "wingspan")
    check.problem("a repeated parameter", service.get(f"{path}?{PENGUIN}&sex=male"), 400, "sex")
    check.problem("text for a number", service.get(f"{path}?{PENGUIN.replace('39.1', 'long')}"), (400, 422), "bill_length_mm")
    check.problem("bare inputs for a model of named columns", service.get(f"{path}?inputs=1,2"), (400, 422))

    with open(SAMPLES / "penguins.csv", newline="", encoding="utf-8") as file:
        table = list(csv.reader(file))
    header, lines = table[0], table[1:]
    rows = [typed(dict(zip(header, line))) for line in lines]
    answer = service.post(path, {"rows": rows})
    predictions = [prediction["prediction"] for prediction in answer.json["predictions"]]
    right = sum(row["species"] == prediction for row, prediction in zip(rows, predictions))
    check.that("JSON rows, in order", len(predictions) == 344 and right > 320, f"{right} of {len(predictions)} right")

    content = (SAMPLES / "penguins.csv").read_bytes()
    answer = service.post(path, content, Content_Type=CSV)
    check.that("CSV in, JSON out", [p["prediction"] for p in answer.json["predictions"]] == predictions, answer)
    answer = service.post(path, content, Content_Type=CSV, Accept=CSV)
    out = list(csv.DictReader(io.StringIO(answer.text)))
    same = [line["prediction"] for line in out] == predictions and "probability_Adelie" in out[0]
    check.that("CSV in, CSV out", answer.header("content-type").startswith(CSV) and same, answer)
    content = "\n".join(json.dumps(row) for row in rows) + "\n"
    answer = service.post(path, content, Content_Type=NDJSON, Accept=NDJSON)
    out = [json.loads(line) for line in answer.text.splitlines()]
    check.that("NDJSON in, NDJSON out", [line["prediction"] for line in out] == predictions, answer)
    check.problem("an unknown Accept", service.post(path, {"rows": rows[:1]}, Accept="image/png"), 406)
    check.problem("text in a numeric column", service.post(path, {"rows": [rows[0] | {"year": "soon"}]}), 422, "year")
    check.problem("text in a numeric CSV column", service.post(path, "island,year\nDream,soon\n", Content_Type=CSV), 422, "line 2.*year")
    check.problem("no rows", service.post(path, {"rows": []}), 422)


def typed(row):
    """A CSV line as the JSON row that means the same."""
    numeric = {name for name in row if name not in ("island", "sex", "species")}
    return {name: (float(value) if name in numeric else value) if value else None for name, value in row.items()}


# What a cell means: a table that a model learns from, and cells with what they mean. Every one is asked for by every way in.
CELLS = "zip,kind,open,t,y\n" + "".join(
    f"{('00501', '501', '1E5', '2A7')[i % 4]},{(' Private', 'Gov', 'TRUE')[i // 3 % 3]},{('TRUE', 'false')[i % 2]},{'-999' if i % 7 == 0 else i % 10},{i % 4 * 100 + i // 3 % 3 * 10}\n"
    for i in range(180)
)
MEANINGS = [  # cells, and cells that mean the same or what is said
    ({"zip": "00501"}, {"zip": " 00501 "}),
    ({"zip": "1E5"}, {"zip": "100000"}),
    ({"kind": "Private"}, {"kind": "\tPrivate "}),
    ({"kind": "TRUE"}, {"kind": "true"}),
    ({"open": "true"}, {"open": "1"}),
    ({"open": "false"}, {"open": "False"}),
    ({"t": ""}, {"t": "-999"}),
    ({"t": "-999"}, {"t": "-9.99e2"}),
    ({"t": "NA"}, 422),
    ({"t": "3"}, {"t": "+3.0"}),
    ({"open": "yes"}, 422),
    ({"t": "many"}, 422),
    ({"zip": ""}, 422),
    ({"zip": "502"}, "was not seen"),
]


def reads_cells_alike(check, service):
    """A cell means the same by every way in"""
    answer = service.post("/api/v1/datasets?name=cells&missing=-999", CELLS, Content_Type=CSV)
    check.status("a table of awkward cells", answer, 201)
    check.that("its tokens are shown", answer.json["missingTokens"] == ["-999"], answer)
    trained = service.train({"model": "cells", "data": {"dataset": answer.json["id"], "target": "y", "task": "regression"}, "training": {"epochs": 60}})
    check.that("is learned from", trained.json["state"] == "succeeded", trained)
    usual = {"zip": "501", "kind": "Gov", "open": "true", "t": "4"}
    for cells, meaning in MEANINGS:
        answers = by_every_way(service, "cells", usual | cells)
        if isinstance(meaning, int):
            told = [answer.status for answer in answers]
            check.that(f"{cells} is refused", set(told) == {meaning} and all("invalid-data" in answer.text for answer in answers), [str(a) for a in answers])
            continue
        predictions = [prediction(answer) for answer in answers]
        first = predictions[0]["prediction"]
        alike = all(abs(p["prediction"] - first) < 1e-2 and p.get("warnings") == predictions[0].get("warnings") for p in predictions)
        check.that(f"{cells} is one cell", alike, predictions)
        if isinstance(meaning, dict):
            other = [prediction(answer)["prediction"] for answer in by_every_way(service, "cells", usual | meaning)]
            check.that(f"{cells} is {meaning}", all(abs(p - first) < 1e-2 for p in other), (first, other))
        else:
            check.that(f"{cells} {meaning}", meaning in str(predictions[0].get("warnings")), predictions[0])


def by_every_way(service, model, row):
    """The answers to a row by GET, as CSV, as JSON strings and as a line of JSON."""
    path = f"/api/v1/models/{model}/predictions"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row.keys(), row.values()])
    return [
        service.get(f"{path}?{urllib.parse.urlencode(row)}"),
        service.post(path, out.getvalue(), Content_Type=CSV),
        service.post(path, {"rows": [row]}),
        service.post(path, json.dumps(row) + "\n", Content_Type=NDJSON),
    ]


def prediction(answer):
    if answer.status != 200:
        return {"prediction": float("nan"), "refused": str(answer)}
    return answer.json["predictions"][0] if "predictions" in answer.json else answer.json


def keeps_versions(check, service, dataset):
    """Versions, current, evaluations, deletion"""
    body = {"model": "penguins", "activate": False, "data": {"dataset": dataset, "target": "species"}, "training": {"epochs": 2, "seed": 7}}
    check.that("a second training makes version 2", service.train(body).json["result"]["version"] == 2)
    version = lambda: service.get(f"/api/v1/models/penguins/predictions?{PENGUIN}").json["version"]
    check.that("activate: false leaves version 1 current", version() == 1)
    check.status("current can be set", service.request("PUT", "/api/v1/models/penguins/current", {"version": 2}), 200, 204)
    check.that("version 2 answers", version() == 2)
    check.problem("a version that is not there", service.request("PUT", "/api/v1/models/penguins/current", {"version": 99}), (404, 422))
    answer = service.get("/api/v1/models/penguins")
    check.that("the model lists its versions", len(answer.json["versions"]) == 2, answer)
    names = [item.get("name") or item.get("model") for item in service.get("/api/v1/models").json["items"]]
    check.that("the list names the model", "penguins" in names, names)

    answer = service.post("/api/v1/models/penguins/evaluations", {"dataset": dataset})
    check.that("evaluation on the data set", answer.status == 200 and 0 < answer.json["metrics"]["accuracy"] <= 1, answer)
    content = (SAMPLES / "penguins.csv").read_text().splitlines()
    rows = [typed(row) for row in list(csv.DictReader(content))[:50]]
    check.status("evaluation on rows", service.post("/api/v1/models/penguins/evaluations", {"rows": rows}), 200)
    unlabelled = [{name: value for name, value in row.items() if name != "species"} for row in rows]
    check.problem("evaluation without labels", service.post("/api/v1/models/penguins/evaluations", {"rows": unlabelled}), (400, 422))

    artifact = service.get("/api/v1/models/penguins/versions/1/artifact")
    check.status("a version can be taken away", artifact, 200)
    check.that("as a zip", artifact.header("Content-Type") == "application/zip" and artifact.body[:4] == b"PK\x03\x04", artifact.header("Content-Type"))
    answer = service.request("POST", "/api/v1/models/penguins-copy/versions", artifact.body, **{"Content-Type": "application/zip"})
    check.status("and brought back", answer, 201)
    original, copy = (service.get(f"/api/v1/models/{path}/predictions?{PENGUIN}").json for path in ("penguins/versions/1", "penguins-copy"))
    check.that("it answers the same", copy["probabilities"] == original["probabilities"], copy)
    cut = service.request("POST", "/api/v1/models/penguins-copy/versions", artifact.body[:-9], **{"Content-Type": "application/zip"})
    check.problem("a damaged one is refused", cut, 422)
    check.status("the copy can be deleted", service.request("DELETE", "/api/v1/models/penguins-copy"), 204)
    check.status("a version can be deleted", service.request("DELETE", "/api/v1/models/penguins/versions/2"), 204)
    check.that("then the highest remaining is current", version() == 1)
    check.problem("it is gone", service.get("/api/v1/models/penguins/versions/2"), 404)
    check.that("its number is not used again", service.train(body).json["result"]["version"] == 3)
    check.status("a model can be deleted", service.request("DELETE", "/api/v1/models/penguins"), 204)
    check.problem("and is gone", service.get(f"/api/v1/models/penguins/predictions?{PENGUIN}"), 404)


def repeats_iris(check, service):
    """Iris from JSON rows, twice with one seed"""
    with open(SAMPLES / "iris.csv", newline="", encoding="utf-8") as file:
        rows = [{name: value if name == "species" else float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    body = {"model": "iris", "data": {"target": "species", "rows": rows}, "training": {"epochs": 60, "seed": 42, "testFraction": 0.2}}
    runs = [service.train(body).json for _ in range(2)]
    check.that("both succeed", all(run["state"] == "succeeded" for run in runs), [run["error"] for run in runs])
    histories = [[{name: value for name, value in epoch.items() if name != "seconds"} for epoch in run["history"]] for run in runs]
    check.that("the histories are identical", histories[0] == histories[1] and histories[0])
    card = service.get("/api/v1/models/iris/versions/2").json
    check.that("the test part is reported too", card["metrics"]["test"]["accuracy"] > 0.8, card["metrics"])
    other = service.train(body | {"training": body["training"] | {"seed": 43}}).json
    check.that("another seed, another history", other["history"][0]["trainLoss"] != runs[0]["history"][0]["trainLoss"])


def regresses(check, service):
    """A regression: y = 3a - 2b + noise"""
    draw = random.Random(5)
    points = [(draw.uniform(-5, 5), draw.uniform(0, 10)) for _ in range(400)]
    rows = [{"a": a, "b": b, "y": 100 + 3 * a - 2 * b + draw.gauss(0, 0.1)} for a, b in points]
    answer = service.train({"model": "line", "data": {"target": "y", "rows": rows}, "training": {"epochs": 200, "seed": 3}})
    check.that("it succeeds as a regression", answer.json["state"] == "succeeded" and answer.json["target"]["task"] == "regression", answer)
    metrics = service.get("/api/v1/models/line/versions/1").json["metrics"]["validation"]
    check.that("R2 > 0.98", metrics["r2"] > 0.98 and metrics["rmse"] < 1.5 and metrics["mae"] <= metrics["rmse"], metrics)
    answer = service.get("/api/v1/models/line/predictions?a=1&b=4")
    check.that("predicts 95 in original units", abs(answer.json["prediction"] - 95) < 1.5, answer)
    answer = service.get("/api/v1/models/line/predictions?a=1e38&b=4")
    check.that("1e38 gives a finite answer", answer.status == 200 and abs(answer.json["prediction"]) < 1e39, answer)
    both = [{**row, "z": -row["y"]} for row in rows]
    body = {"model": "two", "data": {"target": ["y", "z"], "rows": both}, "training": {"epochs": 20}}
    check.that("two targets", service.train(body).json["state"] == "succeeded")
    answer = service.get("/api/v1/models/two/predictions?a=1&b=4")
    check.that("are answered by name", set(answer.json["prediction"]) == {"y", "z"}, answer)


def tells_of_itself(check, service, dataset):
    """What a model says about itself, and about each answer"""
    model = "/api/v1/models/penguins"
    version = service.get(model).json["currentVersion"]
    card = service.get(f"{model}/versions/{version}").json
    headline = card["headline"]
    check.that("the headline has an interval and a baseline", headline["interval"][0] <= headline["value"] <= headline["interval"][1] and headline["value"] > headline["baseline"], headline)
    check.that("rows that chose say so", card["metrics"]["outOfFold"].get("selectedOn") is True, card["metrics"])
    known = card["calibration"]
    check.that("the probabilities are calibrated", known["temperature"] > 0 and known["after"]["logLoss"] <= known["before"]["logLoss"] + 1e-9, known)
    mattering = {column["column"]: column["mean"] for column in card["importance"]["columns"]}
    check.that("the bill matters more than the year", mattering["bill_length_mm"] > mattering["year"], mattering)

    answer = service.get(f"{model}/predictions?{PENGUIN}&interval=0.9&explain=true").json
    check.that("a set has the answer first", answer["set"][0] == "Adelie", answer)
    told = answer["explanation"]
    total = told["baseline"] + sum(told["contributions"].values()) + told["residual"]
    others = sum(p for name, p in answer["probabilities"].items() if name != "Adelie")
    odds = math.log(answer["probabilities"]["Adelie"] / others)
    check.that("contributions add up to the answer", abs(total - told["answer"]) < 1e-4, told)
    check.that("which is the log-odds of the class", told["class"] == "Adelie" and abs(told["answer"] - odds) < 1e-3 * max(1, abs(odds)), (told, odds))
    check.that("little is left over", abs(told["residual"]) <= 0.0101 * abs(told["answer"] - told["baseline"]), told)
    other = service.get(f"{model}/predictions?{PENGUIN}&explain=true&explainClass=Gentoo").json["explanation"]
    check.that("another class is explained on request", other["class"] == "Gentoo" and other["answer"] < told["answer"], other)
    check.problem("a class that is none", service.get(f"{model}/predictions?{PENGUIN}&explain=true&explainClass=Emperor"), 422, "Emperor")
    check.problem("a class without explain", service.get(f"{model}/predictions?{PENGUIN}&explainClass=Gentoo"), 422, "explain")
    for wrong in ("0.4", "0.995"):
        check.problem(f"an interval of {wrong}", service.get(f"{model}/predictions?{PENGUIN}&interval={wrong}"), 422, wrong)
    check.problem("an interval that is no number", service.get(f"{model}/predictions?{PENGUIN}&interval=wide"), (400, 422), "interval")
    check.problem("an interval of a model without calibration", service.get("/api/v1/models/line/predictions?a=1&b=4&interval=0.9"), 422, "no-calibration")
    check.problem("a threshold of three classes", service.request("PUT", f"{model}/versions/{version}/threshold", {"threshold": 0.3}), 422)

    answer = service.post(f"{model}/versions/{version}/partial-dependence", {"columns": ["bill_length_mm"], "dataset": dataset})
    check.that("partial dependence has points", answer.status == 200 and 2 <= len(answer.json["points"]) <= 50, answer)
    answer = service.post(f"{model}/versions/{version}/surface", {"x": "bill_length_mm", "y": "flipper_length_mm", "size": 8})
    check.that("a surface has a row for each y", answer.status == 200 and len(answer.json["answers"]) == 8, answer)
    check.problem("a surface over one column", service.post(f"{model}/versions/{version}/surface", {"x": "year", "y": "year"}), 422)
    answer = service.get(f"{model}/versions/{version}/drift")
    check.that("drift tells of every column", answer.status == 200 and len(answer.json["columns"]) == 7, answer)

    body = {"versions": [{"model": "penguins", "version": version}, {"model": "penguins", "version": version}], "dataset": dataset}
    answer = service.post("/api/v1/comparisons", body)
    alike = answer.status == 200 and answer.json["differences"][0]["difference"] == 0
    check.that("a version is as good as itself, or is not compared with itself", alike or answer.status == 422, answer)
    listed = service.get(f"{model}/versions?sort=accuracy").json["items"]
    check.that("versions are sorted by accuracy", [item["headline"]["value"] for item in listed] == sorted((item["headline"]["value"] for item in listed), reverse=True), listed)
    check.problem("a list by a metric that is none", service.get("/api/v1/models?sort=beauty"), 422, "accuracy")
    answer = service.request("PATCH", f"{model}/versions/{version}", {"description": "three species", "tags": ["birds"]})
    check.that("a version is described", answer.status == 200 and answer.json["description"] == "three species" and answer.json["tags"] == ["birds"], answer)
    body = {"model": "called", "data": XOR, "callback": "https://example.com/"}
    check.problem("a callback to a host that is not allowed", service.post("/api/v1/trainings?validateOnly=true", body), 422, "/callback")


def slow_body(model, dataset=None):
    """A training that takes minutes if nobody stops it."""
    draw = random.Random(1)
    data = {
        "inputs": [[round(draw.random(), 3) for _ in range(20)] for _ in range(1000)],
        "targets": [[round(draw.random(), 3)] for _ in range(1000)],
    }
    if dataset:
        data = {"dataset": dataset, "target": "species"}
    return {
        "model": model,
        "data": data,
        "network": {"layers": [{"type": "dense", "units": 512}, {"type": "dense", "units": 512}]},
        "training": {"epochs": 10000, "earlyStopping": None, "batchSize": 16},
    }


def streams_progress(check, service, dataset):
    """Server-Sent Events"""
    body = {"model": "streamed", "data": {"dataset": dataset, "target": "species"}, "training": {"epochs": 80, "earlyStopping": {"type": "none"}}}
    training = service.post("/api/v1/trainings", body).json["id"]
    events = service.events(training)
    ids = [event[0] for event in events]
    check.that("every epoch, then end", ids == [str(epoch) for epoch in range(1, 81)] + ["end"], ids)
    check.that("epochs carry their report", all("trainLoss" in json.loads(event[2]) for event in events[:-1]))
    end = json.loads(events[-1][2])
    check.that("the end carries the result without the history", end["state"] == "succeeded" and not end.get("history"), end)
    replayed = service.events(training)
    check.that("a finished training replays its history", [event[0] for event in replayed] == ids)
    resumed = [event[0] for event in service.events(training, last_event_id=70)]
    check.that("Last-Event-ID misses and repeats nothing", resumed == ids[70:], resumed)
    check.that("after the end there is nothing: 204", service.events(training, last_event_id="end") == 204)
    check.problem("events of nothing", service.get("/api/v1/trainings/nothing/events"), 404)


def cancels(check, service, dataset):
    """Cancellation of a long training, and what it holds"""
    answer = service.post("/api/v1/trainings", slow_body("slow", dataset))
    check.status("it is accepted", answer, 202)
    training = answer.json["id"]
    path = f"/api/v1/trainings/{training}"
    first = service.events(training, limit=1)
    check.that("it runs", first and service.get(path).json["state"] == "running", first)
    held = service.get(path, Prefer="wait=1").json["state"]
    check.that("Prefer: wait gives up after its time", held == "running", held)
    started = time.monotonic()
    check.status("predictions go on meanwhile", service.get("/api/v1/models/xor/predictions?inputs=0,1"), 200)
    check.that("without waiting for it", time.monotonic() - started < 5)
    check.problem("its data set is held", service.request("DELETE", f"/api/v1/datasets/{dataset}"), 409)
    queued = service.post("/api/v1/trainings", slow_body("queued", dataset)).json
    check.status("a queued one can be cancelled", service.post(f"/api/v1/trainings/{queued['id']}/cancel"), 202)
    check.status("cancel is accepted", service.post(path + "/cancel"), 202)
    ended = service.get(path, Prefer="wait=20").json
    check.that("it ends as cancelled", ended["state"] == "cancelled" and ended["error"]["code"] == "cancelled", ended["error"])
    check.that("there is no result", ended["result"] is None)
    check.problem("cancelling it again", service.post(path + "/cancel"), 409)
    check.problem("no model came of it", service.get("/api/v1/models/slow"), 404)
    state = service.get(f"/api/v1/trainings/{queued['id']}", Prefer="wait=20").json["state"]
    check.that("the queued one ended too", state == "cancelled", state)
    check.status("its data set is free again", service.request("DELETE", f"/api/v1/datasets/{dataset}"), 204)
    check.problem("and gone", service.get(f"/api/v1/datasets/{dataset}"), 404)


def replays_keys(check, service):
    """Idempotency-Key and validateOnly"""
    body = {"model": "keyed", "data": XOR, "training": {"epochs": 5, "batchSize": 4}}
    key = f"key-{time.time_ns()}"
    first = service.post("/api/v1/trainings", body, Idempotency_Key=key)
    again = service.post("/api/v1/trainings", body, Idempotency_Key=key)
    check.that("the same key replays the first answer", again.status == 202 and again.json["id"] == first.json["id"], again)
    check.that("and says so", again.header("idempotency-replayed") == "true" and not first.header("idempotency-replayed"))
    other = service.post("/api/v1/trainings", body | {"model": "other"}, Idempotency_Key=key)
    check.problem("the same key with another body", other, 422)
    refused = service.post("/api/v1/trainings", body | {"training": {"epochs": 0}}, Idempotency_Key=key + "-b")
    check.problem("a refused request", refused, 422, "/training/epochs")
    check.status("is not remembered", service.post("/api/v1/trainings", body, Idempotency_Key=key + "-b"), 202)
    check.problem("a key that is too long", service.post("/api/v1/trainings", body, Idempotency_Key="k" * 256), (400, 422))
    upload = [service.post("/api/v1/datasets?name=keyed", "a,b\n1,2\n3,4\n", Content_Type=CSV, Idempotency_Key=key + "-c") for _ in range(2)]
    check.that("data sets too", upload[0].json["id"] == upload[1].json["id"] and upload[1].header("idempotency-replayed") == "true", upload[1])
    service.request("DELETE", "/api/v1/datasets/" + upload[0].json["id"])

    before = len(all_items(service, "/api/v1/trainings"))
    answer = service.post("/api/v1/trainings?validateOnly=true", {"model": "planned", "data": XOR})
    check.that("validateOnly answers the resolved spec", answer.status == 200 and "64" in answer.text, answer)
    check.that("and trains nothing", len(all_items(service, "/api/v1/trainings")) == before)
    answer = service.post("/api/v1/trainings?validateOnly=true", {"model": "planned", "data": XOR, "training": {"batchSize": 5}})
    check.problem("and refuses what training would refuse", answer, 422, "/training/batchSize")


def all_items(service, path):
    items, cursor = [], None
    while True:
        separator = "&" if "?" in path else "?"
        page = service.get(path + separator + "limit=500" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else "")).json
        items += page["items"]
        cursor = page["nextCursor"]
        if not cursor:
            return items


def lists(check, service):
    """Lists in pages"""
    whole = [item["id"] for item in all_items(service, "/api/v1/trainings")]
    paged, cursor = [], None
    while True:
        page = service.get("/api/v1/trainings?limit=2" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else "")).json
        paged += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
        if not cursor:
            break
    check.that("pages of two make the whole", paged == whole and len(whole) > 4, (len(paged), len(whole)))
    first = service.get("/api/v1/trainings?limit=1").json["items"][0]
    check.that("items omit the history", not first.get("history"), first.keys())
    times = [item["createdAt"] for item in service.get("/api/v1/trainings").json["items"]]
    check.that("newest first", times == sorted(times, reverse=True))
    filtered = all_items(service, "/api/v1/trainings?model=iris&state=succeeded")
    check.that("filtered by model and state", len(filtered) == 3 and {item["model"] for item in filtered} == {"iris"}, len(filtered))
    check.problem("a limit over 500", service.get("/api/v1/trainings?limit=501"), (400, 422), "limit")
    check.problem("a limit of 0", service.get("/api/v1/models?limit=0"), (400, 422), "limit")
    check.problem("a cursor from nowhere", service.get("/api/v1/datasets?cursor=nonsense!"), (400, 422), "cursor")
    check.problem("a state that is none", service.get("/api/v1/trainings?state=sleeping"), (400, 422), "state")


def accepts_every_upload(check, service):
    """Uploads: the legal ones"""
    made = []

    def accept(name, body, rows, path="?name=upload", **headers):
        answer = service.post("/api/v1/datasets" + path, body, **headers)
        check.that(name, answer.status == 201 and answer.json["rows"] == rows, answer)
        if answer.status == 201:
            made.append(answer.json["id"])
            return answer.json
        return None

    plain = "a,b\n1,x\n2,y\n3,x\n"
    accept("CSV", plain, 3, Content_Type=CSV)
    bom = accept("a byte order mark", b"\xef\xbb\xbf" + plain.encode(), 3, Content_Type=CSV)
    check.that("the mark is no part of the name", bom and bom["columns"][0]["name"] == "a", bom)
    accept("CRLF", plain.replace("\n", "\r\n"), 3, Content_Type=CSV)
    accept("quoted newlines", 'a,b\n1,"two\nlines"\n2,y\n', 2, Content_Type=CSV)
    accept("delimiter=;", plain.replace(",", ";"), 3, path="?name=upload&delimiter=%3B", Content_Type=CSV)
    columns = accept("header=false", "1,2\n3,4\n", 2, path="?name=upload&header=false", Content_Type=CSV)
    check.that("columns are named c1, c2", columns and [c["name"] for c in columns["columns"]] == ["c1", "c2"], columns)
    european = "price;kind\n1.234,5;Größe\n1.236,5;x\n"
    signs = "?name=upload&delimiter=%3B&decimal=,&thousands=."
    table = accept("decimal commas in windows-1252", european.encode("windows-1252"), 2, path=signs, Content_Type=CSV + "; charset=windows-1252")
    check.that("their mean is 1235.5", table and table["columns"][0]["mean"] == 1235.5, table)
    accept("a first line sep=;", "sep=;\n" + plain.replace(",", ";"), 3, Content_Type=CSV)
    wrong = accept("semicolons without delimiter", plain.replace(",", ";"), 3, Content_Type=CSV)
    check.that("the delimiter is advised", wrong and "delimiter=%3B" in str(wrong["warnings"]), wrong)
    accept("1e38", "a,b\n1e38,1\n2,3\n", 2, Content_Type=CSV)
    accept("gzip", gzip.compress(plain.encode()), 3, Content_Type=CSV, Content_Encoding="gzip")
    accept("NDJSON", '{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n', 2, Content_Type=NDJSON)
    accept("JSON rows", {"rows": [{"a": 1}, {"a": 2}]}, 2)
    form = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\nContent-Type: text/csv\r\n\r\n{plain}\r\n--edge--\r\n'
    accept("a form", form, 3, Content_Type="multipart/form-data; boundary=edge")
    rows = service.get(f"/api/v1/datasets/{made[0]}/rows?limit=2")
    check.that("its first rows can be read", rows.status == 200 and '"x"' in rows.text, rows)
    for dataset in made:
        service.request("DELETE", f"/api/v1/datasets/{dataset}")
    left = {item["id"] for item in all_items(service, "/api/v1/datasets")}
    check.that("all can be deleted", not left & set(made), left)


def describes_itself(check, service):
    """OpenAPI"""
    answer = service.get("/v3/api-docs")
    check.that("OpenAPI 3.1", answer.status == 200 and answer.json["openapi"].startswith("3.1"), answer)
    paths = set(answer.json["paths"])
    wanted = {"/api/v1/trainings", "/api/v1/datasets", "/api/v1/models", "/api/v1/models/{name}/predictions"}
    check.that("every resource is in it", wanted <= paths, wanted - paths)
    check.that("the sealed types are oneOf", answer.text.count("oneOf") >= 3, answer.text.count("oneOf"))
    check.status("Swagger UI", service.get("/swagger-ui.html"), 200, 302)


# ---------------------------------------------------------------------------------------------- what it refuses


def snapshot(service):
    """Everything that a refused request could have left behind."""
    trainings = [(item["id"], item["state"]) for item in all_items(service, "/api/v1/trainings")]
    models = service.get("/api/v1/models?limit=500").json["items"]
    datasets = [item["id"] for item in all_items(service, "/api/v1/datasets")]
    return trainings, models, datasets


def refuses_bad_trainings(check, service):
    """Bad trainings"""
    rows = [{"a": i, "b": i % 7, "c": "xy"[i % 2]} for i in range(60)]
    table = {"target": "c", "rows": rows}

    def refuse(name, body, status, place=None, path="/api/v1/trainings", **headers):
        headers = {"Content_Type": JSON} | headers
        check.problem(name, service.post(path, body, **headers), status, place)

    def training(**options):
        return {"model": "bad", "data": table, "training": options}

    def network(**options):
        return {"model": "bad", "data": table, "network": options}

    def data(**options):
        return {"model": "bad", "data": options}

    refuse("malformed JSON", '{"model": "bad",\n "data": }', 400, r"line.{0,3}2.*column|column.*line.{0,3}2")
    refuse("a body that ends early", '{"model": "bad"', 400)
    refuse("no body", "", 400)
    refuse("trailing tokens", json.dumps(data(**XOR)) + " {}", 400)
    refuse("a duplicate key", '{"model": "bad", "model": "worse", "data": {}}', 400)
    refuse("an unknown field", {"model": "bad", "data": table, "netwrok": {}}, 400, "/netwrok")
    refuse("a misspelt option", training(epcohs=3), 400, "/training/epcohs")
    refuse("an unknown parameter", data(**XOR), 400, "validateonly", path="/api/v1/trainings?validateonly=true")
    refuse("text for a number", training(epochs="ten"), 400, "/training/epochs")
    refuse("a number as text", training(epochs="10"), 400, "/training/epochs")
    refuse("64.7 for an integer", network(layers=[{"type": "dense", "units": 64.7}]), 400, "/network/layers/0/units")
    refuse("an unknown layer", network(layers=[{"type": "dnese", "units": 6}]), (400, 422), "/network/layers/0/type")
    refuse("an unknown activation", network(layers=[{"type": "dense", "units": 6, "activation": "rleu"}]), (400, 422), "/network/layers/0/activation")
    refuse("an array for an object", '{"model": "bad", "data": []}', 400, "/data")
    for token in ("NaN", "Infinity", "-Infinity"):
        refuse(token, '{"model": "bad", "data": {"inputs": [[%s]], "targets": [[1]]}}' % token, 400)
    refuse("1e400", '{"model": "bad", "data": {"inputs": [[1e400], [1]], "targets": [[1], [2]]}}', (400, 422))
    refuse("1e400 as a rate", '{"model": "bad", "data": %s, "training": {"optimizer": {"type": "adam", "learningRate": 1e400}}}' % json.dumps(XOR), (400, 422), "/training/optimizer/learningRate")
    refuse("a NaN rate", '{"model": "bad", "data": %s, "training": {"optimizer": {"type": "adam", "learningRate": NaN}}}' % json.dumps(XOR), 400)
    refuse("JSON nested 100,000 deep", "[" * 100_000 + "]" * 100_000, 400)
    refuse("the same in a field", '{"model": "bad", "data": {"rows": ' + "[" * 100_000 + "]" * 100_000 + "}}", 400)

    refuse("no model", {"data": table}, (400, 422), "/model")
    refuse("no data", {"model": "bad"}, (400, 422), "/data")
    for name in ("", "Bad", "-bad", "b/ad", "a" * 64, "../etc"):
        refuse(f"model name '{name[:8]}'", {"model": name, "data": table}, 422, "/model")
    refuse("empty rows", data(target="c", rows=[]), 422, "/data/rows")
    refuse("empty inputs", data(inputs=[], targets=[]), 422)
    refuse("one row", data(target="c", rows=rows[:1]), 422)
    refuse("one class", data(target="c", rows=[row | {"c": "x"} for row in rows]), 422)
    refuse("a constant target", data(target="c", task="regression", rows=[row | {"c": 7} for row in rows]), 422)
    refuse("no target", data(rows=rows), (400, 422), "/data/target")
    refuse("a missing target column", data(target="species", rows=rows), 422, "/data/target")
    refuse("all columns useless", data(target="c", rows=[{"k": 1, "c": row["c"]} for row in rows]), 422)
    refuse("every column ignored", data(target="c", rows=rows, columns={"a": {"type": "ignore"}, "b": {"type": "ignore"}}), 422)
    refuse("an override of no column", data(target="c", rows=rows, columns={"z": {"type": "ignore"}}), 422, "/data/columns/z")
    refuse("two kinds of data", data(target="c", rows=rows, **XOR), (400, 422))
    refuse("a data set that is not there", data(dataset="nothing", target="c"), (404, 422))
    refuse("a text target as numbers", data(target="c", task="regression", rows=rows), 422)
    refuse("ragged inputs", data(inputs=[[0, 0], [0]], targets=[[0], [1]]), 422, "/data/inputs/1")
    refuse("fewer targets than inputs", data(inputs=[[0, 0], [0, 1]], targets=[[0]]), 422, "/data/targets")
    refuse("a nested cell", data(target="c", rows=[{"a": {"b": 1}, "c": "x"}, {"a": {"b": 2}, "c": "y"}]), (400, 422), "/data/rows/0/a")

    refuse("0 units", network(layers=[{"type": "dense", "units": 8}, {"type": "dense", "units": 0}]), 422, "/network/layers/1/units")
    refuse("negative units", network(layers=[{"type": "dense", "units": -3}]), 422, "/network/layers/0/units")
    refuse("10^9 units", network(layers=[{"type": "dense", "units": 10**9}]), 422)
    refuse("two wide layers that can never fit", network(layers=[{"type": "dense", "units": 60000}, {"type": "dense", "units": 60000}]), 422)
    refuse("more than 100 layers", network(layers=[{"type": "dense", "units": 2}] * 101), 422, "/network/layers")
    refuse("a dropout rate of 1", network(layers=[{"type": "dropout", "rate": 1}]), 422, "/network/layers/0/rate")
    refuse("a loss that does not fit", network(loss="squared-error-of-mine"), (400, 422), "/network/loss")
    refuse("0 epochs", training(epochs=0), 422, "/training/epochs")
    refuse("10,001 epochs", training(epochs=10001), 422, "/training/epochs")
    refuse("a batch of 0", training(batchSize=0), 422, "/training/batchSize")
    refuse("a batch larger than the data", training(batchSize=61), 422, "/training/batchSize")
    refuse("a negative seed", training(seed=-1), 422, "/training/seed")
    refuse("a seed that JSON cannot hold", training(seed=2**53), 422, "/training/seed")
    refuse("a negative rate", training(optimizer={"type": "adam", "learningRate": -1}), 422, "/training/optimizer/learningRate")
    refuse("a rate of 0", training(optimizer={"type": "sgd", "learningRate": 0}), 422, "/training/optimizer/learningRate")
    refuse("a negative clip", training(clipNorm=-1), 422, "/training/clipNorm")
    refuse("negative l2", training(regularization={"l2": -0.1}), 422, "/training/regularization/l2")
    refuse("a validation fraction of 1", training(validationFraction=1), 422, "/training/validationFraction")
    refuse("early stopping without validation rows", training(validationFraction=0, earlyStopping={"patience": 3}), 422, "/training/earlyStopping")
    refuse("a wrong content type", "<model/>", 415, Content_Type="application/xml")
    refuse("an upload as training", "a,b\n1,2\n", 415, Content_Type=CSV)
    refuse("a foreign origin", data(**XOR), 403, Origin="https://elsewhere.example")


def refuses_bad_uploads(check, service):
    """Bad uploads"""

    def refuse(name, body, status, place=None, path="/api/v1/datasets?name=bad", **headers):
        headers = {"Content_Type": CSV} | headers
        check.problem(name, service.post(path, body, **headers), status, place)

    refuse("not UTF-8", b"a,b\n1,caf\xe9\n", 400, "line.{0,3}2")
    refuse("no header", "1,2\n3,4\n", 400, "line.{0,3}1|header")
    refuse("an empty file", "", (400, 422))
    refuse("a header only", "a,b\n", (400, 422))
    refuse("a ragged line", "a,b\n1,2\n3\n", 400, "line.{0,3}3")
    refuse("a line too long", "a,b\n1,2,3\n", 400, "line.{0,3}2")
    refuse("duplicate names", "a,b,a\n1,2,3\n", 400, "line.{0,3}1")
    refuse("an open quote", 'a,b\n1,2\n3,"x\n4,5\n', 400, "line.{0,3}[345]")
    refuse("a delimiter of two letters", "a,b\n1,2\n", (400, 422), "delimiter", path="/api/v1/datasets?name=bad&delimiter=ab")
    refuse("an unknown parameter", "a,b\n1,2\n", 400, "delimeter", path="/api/v1/datasets?name=bad&delimeter=,")
    refuse("a broken NDJSON line", '{"a": 1}\n{"a": \n', 400, "line.{0,3}2", Content_Type=NDJSON)
    refuse("broken JSON", '{"rows": [{"a": 1},]}', 400, "line|column", Content_Type=JSON)
    refuse("an unknown type", "a,b\n1,2\n", 415, Content_Type="application/pdf")
    refuse("an unknown encoding", "a,b\n1,2\n", 415, Content_Encoding="br")
    refuse("gzip that is none", "a,b\n1,2\n", 400, Content_Encoding="gzip")
    refuse("gzip that breaks off", gzip.compress(b"a,b\n" + b"1,2\n" * 1000)[:-20], 400, Content_Encoding="gzip")
    refuse("a form without a file", '--edge\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--edge--\r\n', (400, 422), Content_Type="multipart/form-data; boundary=edge")

    head = "POST /api/v1/{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n"
    check.problem("JSON over the limit", service.raw(head.format("trainings", JSON, 300 * 2**20).encode() + b'{"model": "bad"'), 413)
    check.problem("an upload over the limit", service.raw(head.format("datasets?name=bad", CSV, 3 * 2**30).encode() + b"a,b\n1,2\n"), 413)
    check.problem("a gzip bomb", service.post("/api/v1/datasets?name=bad", bomb(), Content_Type=CSV, Content_Encoding="gzip"), (400, 413))
    check.problem("a gzip bomb of JSON", service.post("/api/v1/trainings", bomb(b'{"model": "bad", "data": {"rows": [', b"      "), Content_Type=JSON, Content_Encoding="gzip"), (400, 413, 415))


def bomb(start=b"", filling=b"a" * 64):
    """About 1.2 GB of one field, in a little more than a megabyte."""
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 31)
    block = filling * (2**20 // len(filling))
    return squeeze.compress(start) + b"".join(squeeze.compress(block) for _ in range(1200)) + squeeze.flush()


def refuses_bad_requests(check, service):
    """Bad requests of every other kind"""
    for path in ("/api/v1/trainings/nothing", "/api/v1/datasets/nothing", "/api/v1/models/nothing", "/api/v1/models/xor/versions/99", "/api/v1/nothing", "/nothing"):
        check.problem(f"GET {path}", service.get(path), 404)
    check.problem("cancel of nothing", service.post("/api/v1/trainings/nothing/cancel"), 404)
    check.problem("deletion of nothing", service.request("DELETE", "/api/v1/models/nothing"), 404)
    check.problem("a version that is no number", service.get("/api/v1/models/xor/versions/one"), (400, 404))
    answer = service.request("PUT", "/api/v1/trainings", {})
    check.problem("a wrong method", answer, 405)
    check.that("Allow names the right ones", "POST" in answer.header("allow"), answer.headers)
    check.problem("an unknown parameter on a list", service.get("/api/v1/models?page=2"), 400, "page")
    check.problem("HTML is not to be had", service.get("/api/v1/models", Accept="text/html"), 406)
    check.problem("too few inputs", service.get("/api/v1/models/xor/predictions?inputs=0"), 422, "2")
    check.problem("too many inputs", service.get("/api/v1/models/xor/predictions?inputs=0,1,1"), 422, "2")
    check.problem("text among inputs", service.get("/api/v1/models/xor/predictions?inputs=0,one"), (400, 422))
    check.problem("NaN among inputs", service.get("/api/v1/models/xor/predictions?inputs=0,NaN"), (400, 422))
    check.problem("no inputs at all", service.get("/api/v1/models/xor/predictions"), (400, 422))
    check.problem("widths that do not fit in a POST", service.post("/api/v1/models/xor/predictions", {"inputs": [[0, 1], [0]]}), 422, "/inputs/1")

    check.problem("a bad request line", service.raw(b"NONSENSE\r\n\r\n"), 400)
    check.problem("a bad header", service.raw(b"GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nBad Header\x00: 1\r\n\r\n"), 400)
    check.problem("a bad escape", service.raw(b"GET /api/v1/models/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), 400)
    check.problem("a URL of 100 KB", service.raw(b"GET /api/v1/models?x=" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"), (400, 414, 431))
    check.problem("a header of 100 KB", service.raw(b"GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n"), (400, 431))
    check.problem("a body in broken chunks", service.raw(b"POST /api/v1/datasets?name=bad HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 400)


def survives_leavers(check, service):
    """Clients that go away"""
    head = b"POST /api/v1/datasets?name=gone HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n"
    for _ in range(3):
        service.raw(head + b"a,b\n" + b"1,2\n" * 2000, then_read=False)
    body = b"POST /api/v1/trainings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
    service.raw(body + b'{"model": "gone", "data": {"inputs": [[1, 2]', then_read=False)
    training = service.post("/api/v1/trainings", slow_body("left")).json["id"]
    watchers = [threading.Thread(target=service.events, args=(training, None, 1)) for _ in range(5)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join(20)
    check.that("five watchers came and went", not any(watcher.is_alive() for watcher in watchers))
    waiting = f"GET /api/v1/trainings/{training} HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=30\r\n\r\n"
    service.raw(waiting.encode(), then_read=False)
    service.post(f"/api/v1/trainings/{training}/cancel")
    state = service.get(f"/api/v1/trainings/{training}", Prefer="wait=20").json["state"]
    check.that("the training they watched is not disturbed", state == "cancelled", state)
    names = [item["name"] for item in all_items(service, "/api/v1/datasets")]
    check.that("nothing half-visible", "gone" not in names, names)
    check.problem("nor a model", service.get("/api/v1/models/gone"), 404)


def unchanged(check, service, before):
    """Nothing has changed"""
    time.sleep(0.2)
    after = snapshot(service)
    for what, old, new in zip(("trainings", "models", "data sets"), before, after):
        check.that(f"the same {what} as before", old == new, f"{old} became {new}"[:500])
    for probe in ("liveness", "readiness"):
        check.status(f"{probe} is up", service.get(f"/actuator/health/{probe}"), 200)
    check.status("it predicts as before", service.get("/api/v1/models/xor/predictions?inputs=0,1"), 200)


def stops(check, service, process):
    """Told to stop, with one training running, one queued, and two clients that watch"""
    running = service.post("/api/v1/trainings", slow_body("stopped")).json["id"]
    queued = service.post("/api/v1/trainings", slow_body("never-begun")).json["id"]
    service.events(running, limit=1)
    stream, held = [], []

    def holds():
        held.append(service.get(f"/api/v1/trainings/{queued}", Prefer="wait=60"))

    watchers = [threading.Thread(target=lambda: stream.extend(service.events(running))), threading.Thread(target=holds)]
    for watcher in watchers:
        watcher.start()
    time.sleep(1)
    started = time.monotonic()
    os.kill(process, signal.SIGTERM)
    for watcher in watchers:
        watcher.join(20)
    check.that("the event stream is closed", not watchers[0].is_alive())
    check.that("after what it had to tell", stream and {name for _, name, _ in stream} <= {"epoch", "end"}, stream)
    # With a database it waits there for the next start, else it is cancelled.
    known = held and held[0].status == 200 and (held[0].json["state"] == "queued" or "service-stopping" in held[0].text)
    check.that("the held answer tells what becomes of it", known, held and str(held[0]))
    while time.monotonic() - started < 20:
        try:
            service.get("/actuator/health/liveness")
            time.sleep(0.1)
        except (OSError, http.client.HTTPException):
            break
    seconds = time.monotonic() - started
    check.that(f"it stops listening within 20 s, took {seconds:.1f}", seconds < 20)


def report(check, started):
    print(f"\nblackbox: {time.monotonic() - started:.0f} s")
    for name in check.failed:
        print(f"failed: {name}")
    print(f"{check.passed} passed, {len(check.failed)} failed")
    sys.exit(1 if check.failed else 0)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("base", help="http://host:port of the running service")
    arguments.add_argument("--key", help="a key of the role admin, with which every request comes")
    arguments.add_argument("--record", metavar="FILE", help="where to write the answers")
    arguments.add_argument("--smoke", action="store_true", help="the main job only")
    arguments.add_argument("--stop", type=int, metavar="PID", help="how that process of the service ends, and nothing else")
    arguments = arguments.parse_args()
    service, check = Service(arguments.base, arguments.key), Checks()
    if arguments.record:
        service.recording = open(arguments.record, "w", encoding="utf-8")
    started = time.monotonic()
    dataset = []

    def penguins(check, service):
        """Penguins from CSV with defaults"""
        dataset.append(trains_penguins(check, service))

    if arguments.stop:
        check.group(stops, service, arguments.stop)
        report(check, started)
    check.group(answers_its_health, service)
    check.group(learns_xor, service)
    check.group(answers_as_the_readme_says, service)
    check.group(penguins, service)
    check.group(predicts_in_every_form, service)
    check.group(reads_parquet, service)
    if not arguments.smoke:
        check.group(reads_cells_alike, service)
        check.group(regresses, service)
        check.group(tells_of_itself, service, *dataset)
        check.group(keeps_versions, service, *dataset)
        check.group(repeats_iris, service)
        check.group(streams_progress, service, *dataset)
        check.group(cancels, service, *dataset)
        check.group(replays_keys, service)
        check.group(accepts_every_upload, service)
        check.group(lists, service)
        check.group(describes_itself, service)
        before = snapshot(service)
        check.group(refuses_bad_trainings, service)
        check.group(refuses_bad_uploads, service)
        check.group(refuses_bad_requests, service)
        check.group(unchanged, service, before)
        check.group(survives_leavers, service)

    report(check, started)


if __name__ == "__main__":
    main()
