#!/usr/bin/env python3
"""monitoring.py JAVA JAR: docs/monitoring beside a running service.

The alert rules pass promtool. A service trains once, answers one prediction and refuses one, while Prometheus scrapes it.
Then every expression of the Grafana board has a number, and every alert rule names metrics that there are."""
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs/monitoring"
JAVA, JAR = sys.argv[1], str(pathlib.Path(sys.argv[2]).resolve())


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def request(url, body=None, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


def until(what, seconds, check):
    end = time.monotonic() + seconds
    while True:
        try:
            if check():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            sys.exit(f"{what}: not within {seconds} s")
        time.sleep(0.2)


def expressions(board):
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def numbers(result):
    return [float(sample["value"][1]) for sample in result if sample["value"][1] not in ("NaN", "+Inf", "-Inf")]


def main(work):
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts-test.yml"]):
        subprocess.run(["promtool", *command], cwd=DOCS, check=True)
    service, prometheus = free_port(), free_port()
    base, query = f"http://127.0.0.1:{service}", f"http://127.0.0.1:{prometheus}/api/v1/"
    config = work / "prometheus.yml"
    config.write_text(
        f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{DOCS}/alerts.yml"]
scrape_configs:
  - job_name: backprop
    metrics_path: /actuator/prometheus
    static_configs: [{{targets: ["127.0.0.1:{service}"]}}]
"""
    )
    log = open(work / "log", "w")
    processes = [
        subprocess.Popen(
            [JAVA, "-Xmx600m", "-jar", JAR, f"--server.port={service}", f"--backprop.data-directory={work}/data"],
            stdout=log, stderr=log),
        subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={work}/tsdb",
             f"--web.listen-address=127.0.0.1:{prometheus}"], stdout=log, stderr=log),
    ]

    def asked(expression):
        _, answer = request(query + "query?" + urllib.parse.urlencode({"query": expression}))
        answer = json.loads(answer)
        if answer["status"] != "success":
            sys.exit(f"{expression}: {answer}")
        return answer["data"]["result"]

    try:
        until("the service", 90, lambda: request(base + "/actuator/health/readiness")[0] == 200)
        until("a first scrape", 30, lambda: asked('up{job="backprop"} == 1'))
        rows = [{"x": i % 7, "y": "ab"[i % 2]} for i in range(60)]
        body = {"model": "watched", "preset": "plain", "data": {"target": "y", "rows": rows}}
        status, training = request(
            base + "/api/v1/trainings", json.dumps(body).encode(), **{"Content-Type": "application/json", "Prefer": "wait=60"})
        assert status == 202 and b'"succeeded"' in training, training
        assert request(base + "/api/v1/models/watched/predictions?x=3")[0] == 200
        assert request(base + "/api/v1/models/watched/predictions?z=3")[0] == 400
        until("scrapes of the prediction", 30, lambda: asked('count_over_time(backprop_prediction_rows_total{model="watched"}[10s]) >= 3'))
        board = json.loads((DOCS / "grafana.json").read_text())
        variables = {v["name"] for v in board["templating"]["list"]}
        assert variables == {"instance", "model"}, variables
        found = list(expressions(board))
        assert len(found) > 20
        for title, expression in found:
            unknown = set(re.findall(r"\$\w+", expression)) - {"$__rate_interval", "$instance", "$model"}
            assert not unknown, (title, unknown)
            plain = expression.replace("$__rate_interval", "30s").replace("$instance", ".*").replace("$model", ".*")
            if not numbers(asked(plain)):
                sys.exit(f"empty: {title}: {expression}")
        print(f"{len(found)} expressions of the board have numbers")
        metrics = set()
        for rule in json.loads(request(query + "rules")[1])["data"]["groups"][0]["rules"]:
            assert rule["health"] == "ok", rule
            assert rule["state"] != "firing", rule
            metrics |= set(re.findall(r"\b(?:backprop|disk|process|up)\w*(?=[{\[ ])", rule["query"]))
        for metric in sorted(metrics):
            if not asked(metric):
                sys.exit(f"an alert rule is about {metric}, which is not there")
        print(f"{len(metrics)} metrics of the alert rules are there, and none fires")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


with tempfile.TemporaryDirectory() as directory:
    main(pathlib.Path(directory))
