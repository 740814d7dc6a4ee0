#!/usr/bin/env python3
"""Trains the model of the benchmark, and writes its artefact.

usage: JAVA_HOME=a JDK 25, model.py backprop.jar diamonds.csv FILE
"""
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

JAR, CSV, OUT = sys.argv[1:4]
PORT = 18474
BASE = f"http://127.0.0.1:{PORT}/api/v1"


def ask(path, body=None, kind="application/json", accept="application/json"):
    headers = {"Content-Type": kind, "Accept": accept, "Prefer": "wait=60"}
    request = urllib.request.Request(BASE + path, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as e:
        sys.exit(f"{path}: {e.read().decode()}")


command = [os.path.join(os.environ["JAVA_HOME"], "bin", "java"), "-Xmx1g", "-jar", JAR, f"--server.port={PORT}", "--backprop.storage=memory"]
process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
try:
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/actuator/health/readiness")
            break
        except OSError:
            if process.poll() is not None:
                sys.exit("the service has not started")
            time.sleep(0.2)
    with open(CSV, "rb") as file:
        ask("/datasets?name=diamonds", file.read(), "text/csv")
    layer = {"type": "dense", "units": 64, "activation": "relu"}
    spec = {
        "model": "diamonds",
        "data": {"dataset": "diamonds", "target": "price"},
        "network": {"layers": [layer, layer]},
        "training": {"epochs": 1, "batchSize": 64},
    }
    training = json.loads(ask("/trainings", json.dumps(spec).encode()))
    if training["state"] != "succeeded":
        sys.exit(json.dumps(training))
    with open(OUT, "wb") as file:
        file.write(ask("/models/diamonds/versions/1/artifact", accept="application/zip"))
finally:
    process.terminate()
    process.wait()
