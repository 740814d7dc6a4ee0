#!/usr/bin/env python3
"""Trains the specs of specs.py with two jars, one after the other, and compares what came of them.

usage: JAVA=… bits.py OLD.jar NEW.jar DIRECTORY
"""

import hashlib
import http.client
import io
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import zipfile

from specs import DATASETS, SPECS, body

CSV = {"Content-Type": "text/csv"}

# Of a model card: all but ids, moments, and the size of the artifact.
PARTS = (
    "target", "input", "network", "spec", "metrics", "crossValidation", "bestEpoch", "stoppedEarly", "stoppedByTime", "converged", "warnings",
)


class Service:
    """One process of a jar, over SQLite in a directory of its own."""

    def __init__(self, jar, directory):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        directory.mkdir()
        self.log = directory / "log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS")}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [os.environ["JAVA"], "-Xmx800m", "-jar", jar, f"--server.port={self.port}", f"--backprop.data-directory={directory}/data"],
                stdout=log, stderr=log, env=environment)

    def __enter__(self):
        for _ in range(1800):
            try:
                self.ask("GET", "/actuator/health/readiness")
                return self
            except (OSError, http.client.HTTPException, RuntimeError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.process.kill()
        raise SystemExit(self.log.read_text(errors="replace"))

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            if isinstance(body, dict):
                body, headers = json.dumps(body), {"Content-Type": "application/json", **(headers or {})}
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {answer.decode()[:400]}")
        return answer

    def train(self, name, ids):
        training = json.loads(self.ask("POST", "/api/v1/trainings", body(name, ids), {"Prefer": "wait=60"}))
        while training["finishedAt"] is None:
            training = json.loads(self.ask("GET", f"/api/v1/trainings/{training['id']}", headers={"Prefer": "wait=60"}))
        if training["state"] != "succeeded":
            raise RuntimeError(f"{name} {training['state']}: {training['error']}")
        return training


def without_time(value):
    """The same without what a clock says."""
    if isinstance(value, dict):
        return {name: without_time(one) for name, one in value.items() if name != "seconds"}
    return [without_time(one) for one in value] if isinstance(value, list) else value


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def outcome(service, name, training):
    """What must be equal, part by part."""
    path = f"/api/v1/models/{name}/versions/1"
    card = json.loads(service.ask("GET", path))
    artifact = zipfile.ZipFile(io.BytesIO(service.ask("GET", path + "/artifact")))
    parameters = artifact.read("model.safetensors")
    parts = {"history": [training["history"], card["history"]], "data": card["provenance"]["dataSha256"], **{part: card.get(part) for part in PARTS}}
    digests = {part: digest(json.dumps(without_time(value), sort_keys=True).encode()) for part, value in parts.items()}
    return {**digests, "parameters": digest(parameters)}, len(training["history"]), len(parameters)


def run(jar, directory):
    began = time.monotonic()
    with Service(jar, directory) as service:
        kernels = json.loads(service.ask("GET", "/actuator/info"))["kernels"]
        ids = {name: json.loads(service.ask("POST", f"/api/v1/datasets?name={name}", rows.encode(), CSV))["id"] for name, rows in DATASETS.items()}
        outcomes = {}
        for name in SPECS:
            try:
                outcomes[name] = outcome(service, name, service.train(name, ids))
            except RuntimeError as e:
                outcomes[name] = {"error": str(e)}, 0, 0
    print(f"{pathlib.Path(jar).name}: {len(outcomes)} specs in {time.monotonic() - began:.0f} s, kernels {kernels}", flush=True)
    return outcomes


def main():
    directory = pathlib.Path(sys.argv[3])
    old, new = (run(jar, directory / name) for name, jar in zip(("old", "new"), sys.argv[1:3]))
    unequal = 0
    print(f"\n{'spec':<24} {'epochs':>6} {'bytes':>8}  {'history':<16}  {'parameters':<16}")
    for name, (parts, epochs, size) in new.items():
        before = old[name][0]
        different = [part for part in {**before, **parts} if before.get(part) != parts.get(part)]
        failed = parts.get("error") or before.get("error")
        verdict = failed or (f"DIFFERENT: {', '.join(different)}" if different else "equal")
        unequal += verdict != "equal"
        print(f"{name:<24} {epochs:>6} {size:>8}  {parts.get('history', ''):<16}  {parts.get('parameters', ''):<16}  {verdict}")
    print(f"\n{len(new) - unequal} of {len(new)} specs have equal histories (without seconds), scores and parameters, to the bit")
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
