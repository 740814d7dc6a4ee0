#!/usr/bin/env python3
"""Kills a Backprop that keeps its data in SQLite, in the middle of an upload and of a training, and starts it again.
What it has answered is still there, byte by byte. The training ends as it would have, once, although its client sends the request again.

    python3 .ci/killed.py JAVA JAR PORT DIRECTORY

Starts the service itself, with its data and its log in that directory. Needs Python 3.9 or newer and nothing else.
"""

import http.client
import subprocess
import sys
import threading
import time

from blackbox import CSV, PENGUIN, SAMPLES, Checks, Service, report

PENGUINS = (SAMPLES / "penguins.csv").read_bytes()
MODEL = "/api/v1/models/survivor"
EPOCHS = 2000
KEY = "sent-again"


def start(java, jar, port, directory):
    """The running service, ready for requests."""
    with open(f"{directory}/service.log", "ab") as log:
        process = subprocess.Popen(
            [java, "-Xmx500m", "-jar", jar, f"--server.port={port}", f"--backprop.data-directory={directory}/data"],
            stdout=log,
            stderr=log,
        )
    service = Service(f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if service.get("/actuator/health/readiness").status == 200:
                return process, service
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    process.kill()
    sys.exit(f"the service was not ready; see {directory}/service.log")


def fill(check, service):
    """A data set, two versions of a model, and the first one current; answers the data set's id."""
    upload = service.post("/api/v1/datasets?name=penguins", PENGUINS, Content_Type=CSV)
    check.status("a data set", upload, 201)
    dataset = upload.json["id"]
    for version in (1, 2):
        training = service.train({"model": "survivor", "data": {"dataset": dataset, "target": "species"}, "training": {"epochs": 20, "seed": version}})
        check.that(f"version {version}", training.status == 202 and training.json["state"] == "succeeded", training)
    check.status("the first is current", service.request("PUT", MODEL + "/current", {"version": 1}), 200)
    return dataset


def seen(service, dataset):
    """What clients see, by path."""
    paths = [
        MODEL,
        MODEL + "/versions/2",
        MODEL + "/versions/2/artifact",
        f"{MODEL}/predictions?{PENGUIN}",
        f"{MODEL}/versions/2/predictions?{PENGUIN}",
        "/api/v1/datasets",
        f"/api/v1/datasets/{dataset}",
        f"/api/v1/datasets/{dataset}/rows?limit=500",
    ]
    answers = {path: service.get(path) for path in paths}
    answers["predictions of all rows"] = service.post(MODEL + "/predictions", PENGUINS, Content_Type=CSV)
    found = {name: (answer.status, answer.header("etag"), answer.body) for name, answer in answers.items()}
    listed = service.get("/api/v1/models")
    found["its place in the list"] = (listed.status, "", [model for model in listed.json["items"] if model["name"] == "survivor"])
    return found


def begin_upload(service):
    """A data set that is never sent to its end; what holds the connection open."""
    connection = http.client.HTTPConnection(service.host, service.port, timeout=60)
    connection.putrequest("POST", "/api/v1/datasets?name=half")
    connection.putheader("Content-Type", CSV)
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    connection.send(b"a,b\n" + b"1,2\n" * 500_000)
    return connection


def interrupted(dataset):
    """The request for a training of some seconds."""
    return {
        "model": "interrupted",
        "data": {"dataset": dataset, "target": "species"},
        "training": {"epochs": EPOCHS, "batchSize": 1, "earlyStopping": None},
    }


def begin_training(service, request):
    """A training that is under way, and whose client waits for its end and has no answer yet; its id."""

    def wait():
        try:
            service.post("/api/v1/trainings", request, Prefer="wait=60", Idempotency_Key=KEY)
        except (OSError, http.client.HTTPException):
            pass  # the service is killed

    threading.Thread(target=wait, daemon=True).start()
    while True:
        items = service.get("/api/v1/trainings?model=interrupted").json["items"]
        if items and items[0]["progress"]["epoch"]:
            return items[0]["id"]
        time.sleep(0.02)


def main():
    java, jar, port, directory = sys.argv[1:]
    check, started = Checks(), time.monotonic()
    process, service = start(java, jar, port, directory)
    try:
        dataset = fill(check, service)
        before = seen(service, dataset)
        for name, (status, _, body) in before.items():
            check.that(f"before, {name}", status == 200 and body, status)
        training = begin_training(service, interrupted(dataset))
        upload = begin_upload(service)
        state = service.get(f"/api/v1/trainings/{training}").json["state"]
        process.kill()
        process.wait()
        upload.close()
        process, service = start(java, jar, port, directory)
        for name, after in seen(service, dataset).items():
            check.that(f"after, {name}", after == before[name], f"{before[name]} became {after}"[:2000])
        check.that("a training was interrupted", state == "running", state)
        again = service.post("/api/v1/trainings", interrupted(dataset), Idempotency_Key=KEY)
        replayed = again.header("idempotency-replayed")
        check.that("who sends its request again gets that training", (again.status, again.json["id"], replayed) == (202, training, "true"), again)
        check.that("and starts no other", len(service.get("/api/v1/trainings?model=interrupted").json["items"]) == 1)
        for _ in range(5):
            ended = service.get(f"/api/v1/trainings/{training}", Prefer="wait=60").json
            if ended["state"] not in ("queued", "running"):
                break
        result = ended["result"] or {}
        check.that(
            "the training that was interrupted ends in one version",
            (ended["state"], result.get("version"), len(ended["history"])) == ("succeeded", 1, EPOCHS),
            f"{ended['state']}, {result}, {ended['error']}",
        )
        check.that("and in no other", len(service.get("/api/v1/models/interrupted").json["versions"]) == 1)
        answer = service.train({"model": "survivor", "data": {"dataset": dataset, "target": "species"}, "training": {"epochs": 2}})
        check.that("versions count on", answer.status == 202 and answer.json["result"]["version"] == 3, answer)
        check.status("what is no longer needed can be deleted", service.request("DELETE", f"/api/v1/datasets/{dataset}"), 204)
    finally:
        process.kill()
        process.wait()
    report(check, started)


if __name__ == "__main__":
    main()
