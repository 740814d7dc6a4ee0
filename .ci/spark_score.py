#!/usr/bin/env python3
"""Submits Predict to Spark, as its users do, and holds its answers against those of a running service, bit by bit.

usage: spark_score.py JDK backprop.jar DIRECTORY      (from the root of the repository, after the build of spark/)
"""
import csv
import io
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

JDK, JAR, WORK = sys.argv[1:4]
SPARK = os.path.abspath("spark/target/backprop-spark.jar")
PARTS, ROWS = 3, 400


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PORT = free_port()
BASE = f"http://127.0.0.1:{PORT}/api/v1"


def ask(path, body=None, kind="application/json", accept="application/json"):
    headers = {"Content-Type": kind, "Accept": accept, "Prefer": "wait=60"}
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, body, headers)) as answer:
            return answer.read()
    except urllib.error.HTTPError as e:
        sys.exit(f"{path}: {e.read().decode()}")


def home():
    """There is no distribution of Spark here: a directory of links to its jars is one."""
    path = os.path.join(WORK, "classpath")
    subprocess.run(
        ["mvn", "-B", "-ntp", "-q", "-f", "spark/pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={path}", "-Dmdep.includeScope=provided", *sys.argv[4:]],
        check=True,
    )  # fmt: skip
    jars = os.path.join(WORK, "home", "jars")
    os.makedirs(jars)
    with open(path) as file:
        for jar in file.read().strip().split(":"):
            if not any(own in jar for own in ("/dev/backprop/", "/org/bytedeco/", "/tools/jackson/", "/org/jspecify/", "/ch/randelshofer/")):
                os.symlink(jar, os.path.join(jars, os.path.basename(jar)))
    return os.path.dirname(jars)


def submit(spark_home, *arguments):
    """The exit code, and the last line of the standard output."""
    environment = {
        **os.environ, "SPARK_HOME": spark_home, "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1", "JAVA_HOME": JDK,
    }  # fmt: skip
    # What Spark's own script gives to the JVM of the driver.
    options = subprocess.run(["sed", "-n", r"s|.*<spark.jvm>\(.*\)</spark.jvm>|\1|p", "spark/pom.xml"], check=True, capture_output=True, text=True)
    done = subprocess.run(
        [
            f"{JDK}/bin/java", *options.stdout.split(), "-Xmx1g", "-cp", f"{spark_home}/jars/*", "org.apache.spark.deploy.SparkSubmit",
            "--master", "local[2]", "--class", "dev.backprop.spark.Predict", SPARK, *arguments,
        ],
        env=environment, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    if not lines:
        sys.exit(done.stderr)
    return done.returncode, json.loads(lines[-1])


def table(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "size", "kind", "day", "grade"])
    writer.writerows(rows)
    return out.getvalue()


def read(text):
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def main():
    draw = random.Random(5)
    rows = []
    for i in range(ROWS):
        size = round(draw.uniform(0, 9), 3)
        rows.append([i, "" if i % 9 == 0 else size, draw.choice(["a", "b, c", "007"]), f"2024-{1 + i % 12:02}-{1 + i % 28:02}", "high" if size > 5 else "low"])
    spark_home = home()
    service = subprocess.Popen(
        [f"{JDK}/bin/java", "-Xmx1g", "-jar", JAR, f"--server.port={PORT}", "--backprop.kernels=java", "--backprop.storage=memory"],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/actuator/health/readiness")
                break
            except OSError:
                time.sleep(0.2)
        ask("/datasets?name=sizes", table(rows).encode(), "text/csv")
        spec = {
            "model": "sizes", "data": {"dataset": "sizes", "target": "grade", "columns": {"id": {"type": "ignore"}}},
            "network": {"layers": [{"type": "dense", "units": 16}]}, "training": {"epochs": 10, "bagging": {"folds": 3}},
        }  # fmt: skip
        assert json.loads(ask("/trainings", json.dumps(spec).encode()))["state"] == "succeeded"
        expected = read(ask("/models/sizes/predictions?pass=id&unknown=ignore", table(rows).encode(), "text/csv", "text/csv").decode())
        data, out = os.path.join(WORK, "data"), os.path.join(WORK, "answers")
        os.makedirs(data)
        for part in range(PARTS):
            with open(os.path.join(data, f"{part}.csv"), "w") as file:
                file.write(table(rows[part::PARTS]))
        given = ["--model", f"{BASE}/models/sizes/versions/1", "--data", data, "--format", "csv"]
        status, event = submit(spark_home, *given, "--out", out, "--keep", "id", "--kernels", "java")
        assert status == 0 and event["event"] == "scored" and event["rows"] == ROWS, event
        answers = {}
        for name in os.listdir(out):
            if name.endswith(".csv"):
                with open(os.path.join(out, name)) as file:
                    answers |= read(file.read())
        assert answers == expected, "Spark answers otherwise than the service"
        print(f"{len(answers)} answers as the service's, bit by bit: {event}")

        with open(os.path.join(data, "1.csv"), "a") as file:
            file.write("x,much,a,2024-01-01,low\n")
        status, event = submit(spark_home, *given, "--out", out + "-2")
        assert status == 1 and event["code"] == "invalid-data", event
        assert "1.csv: column 'size': must be a number, was 'much'" in event["detail"], event
        assert not os.path.exists(out + "-2")
        print(f"refused: {event}")
    finally:
        service.terminate()
        service.wait()


main()
