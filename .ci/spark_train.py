#!/usr/bin/env python3
"""Submits Train to Spark, as its users do: the parameters have the same bits on one thread, on two, on two executors, and on a cluster of processes
of which an executor and the driver are killed. The model goes to a running service, which then answers as Predict does.

usage: spark_train.py JDK backprop.jar DIRECTORY [TABLE.csv TARGET [ROWS]]      (from the root of the repository, after the build of spark/)
"""
import csv
import gzip
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

JDK, JAR, WORK = sys.argv[1:4]
SPARK = os.path.abspath("spark/target/backprop-spark.jar")
TABLE, TARGET = (sys.argv[4:6] + [None, "delay"])[:2] if len(sys.argv) > 5 else (None, "delay")
ROWS = int(sys.argv[6]) if len(sys.argv) > 6 else 400_000 if TABLE else 60_000
SHARDS, EPOCHS, PATIENCE = 8, 4, 240
OPTIONS = subprocess.run(["sed", "-n", r"s|.*<spark.jvm>\(.*\)</spark.jvm>|\1|p", "spark/pom.xml"], check=True, capture_output=True, text=True).stdout.split()
started = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def home():
    """There is no distribution of Spark here: a directory of links to its jars is one."""
    path = os.path.join(WORK, "classpath")
    subprocess.run(["mvn", "-B", "-ntp", "-q", "-f", "spark/pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={path}", "-Dmdep.includeScope=provided"], check=True)
    jars = os.path.join(WORK, "home", "jars")
    os.makedirs(jars)
    with open(path) as file:
        for jar in file.read().strip().split(":"):
            if not any(own in jar for own in ("/dev/backprop/", "/org/bytedeco/", "/tools/jackson/", "/org/jspecify/", "/ch/randelshofer/")):
                os.symlink(jar, os.path.join(jars, os.path.basename(jar)))
    return os.path.dirname(jars)


def start(spark_home, *arguments, out=subprocess.DEVNULL, log="log"):
    environment = {**os.environ, "SPARK_HOME": spark_home, "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1", "JAVA_HOME": JDK}
    errors = open(os.path.join(WORK, log), "a")
    process = subprocess.Popen(
        [f"{JDK}/bin/java", *OPTIONS, "-Xmx1g", "-cp", f"{spark_home}/jars/*", *arguments], env=environment, stdout=out, stderr=errors, text=True
    )
    started.append(process)
    return process


def submit(spark_home, master, name, *arguments):
    return start(
        spark_home, "org.apache.spark.deploy.SparkSubmit", "--master", master, "--executor-memory", "1g",
        "--class", f"dev.backprop.spark.{name}", SPARK, *arguments, out=subprocess.PIPE,
    )  # fmt: skip


def events(process, until=None, count=0):
    """The events so far, up to that many of one name."""
    found = []
    for line in process.stdout:
        found.append(json.loads(line))
        if until and sum(event["event"] == until for event in found) == count:
            return found
    return found


def ended(process):
    found = events(process)
    assert process.wait(PATIENCE) == 0, found[-1:]
    return found


def one(found, name):
    return next(event for event in found if event["event"] == name)


def made():
    draw = random.Random(5)
    yield ["distance", "hour", "carrier", "day", "delay"]
    for i in range(ROWS):
        distance, hour, carrier = draw.expovariate(0.002), draw.randrange(24), draw.choice(["AA", "BB", "CC", "DD"])
        delay = hour * 0.7 + (carrier == "CC") * 9 - distance * 0.003 + draw.gauss(0, 4)
        yield [round(distance, 2) if i % 11 else "", hour, carrier if i % 17 else "", f"2026-{1 + i % 12:02}-{1 + i % 28:02}", round(delay, 3)]


def rows():
    if TABLE:
        with (gzip.open if TABLE.endswith(".gz") else open)(TABLE, "rt", newline="") as file:
            for i, row in zip(range(ROWS + 1), csv.reader(file)):
                # Missing cells, of numbers and of categories.
                yield ["" if i and row and (i * 31 + c) % 53 == 0 else cell for c, cell in enumerate(row)]
    else:
        yield from made()


def table(some):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(some)
    return out.getvalue()


def executor(worker):
    """The process of an executor of that worker."""
    for _ in range(PATIENCE * 10):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/cmdline") as command:
                    if int(stat.read().rsplit(")", 1)[1].split()[1]) == worker.pid and "CoarseGrainedExecutorBackend" in command.read():
                        return int(pid)
            except OSError:
                pass
        time.sleep(0.1)
    sys.exit("no executor")


def main():
    spark_home = home()
    data, spec = os.path.join(WORK, "rows.csv"), os.path.join(WORK, "spec.json")
    all_rows = list(rows())
    with open(data, "w") as file:
        file.write(table(all_rows))
    with open(spec, "w") as file:
        json.dump({"encoding": {"numbers": {"type": "piecewise-linear", "bins": 16}}, "training": {"epochs": EPOCHS, "batchSize": 256}}, file)

    def given(out, *more):
        return [
            "--data", data, "--format", "csv", "--target", TARGET, "--model", "spread", "--spec", spec, "--shards", str(SHARDS), "--allow-small",
            "--out", os.path.join(WORK, out), *more,
        ]  # fmt: skip

    hashes = {}
    for master in ("local[1]", "local[2]", "local-cluster[2,1,2048]"):
        begun = time.time()
        hashes[master] = one(ended(submit(spark_home, master, "Train", *given("model.zip"))), "trained")["sha256"]
        print(f"{master}: {hashes[master]} in {time.time() - begun:.0f} s", flush=True)

    port, master_port = free_port(), free_port()
    service = subprocess.Popen([f"{JDK}/bin/java", "-Xmx1g", "-jar", JAR, f"--server.port={port}", "--backprop.storage=memory"], stdout=subprocess.DEVNULL)
    started.append(service)
    start(spark_home, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(master_port), "--webui-port", str(free_port()))
    master = f"spark://127.0.0.1:{master_port}"
    workers = [
        start(
            spark_home, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--webui-port", str(free_port()),
            "-d", os.path.join(WORK, f"worker-{w}"), master,
        )
        for w in range(2)
    ]  # fmt: skip
    checkpoint = ["--checkpoint", "file://" + os.path.join(os.path.abspath(WORK), "checkpoint")]
    driver = submit(spark_home, master, "Train", *given("spread.zip", *checkpoint))
    events(driver, "round", 2)
    os.kill(executor(workers[0]), signal.SIGKILL)
    events(driver, "round", 3)
    driver.kill()
    driver.wait()
    assert not os.path.exists(os.path.join(WORK, "spread.zip"))
    base = f"http://127.0.0.1:{port}"
    resumed = ended(submit(spark_home, master, "Train", *given("spread.zip", *checkpoint, "--resume", "--service", base)))
    assert one(resumed, "resumed")["round"] >= 5, resumed[:3]
    hashes["standalone, an executor and the driver killed"] = one(resumed, "trained")["sha256"]
    assert len(set(hashes.values())) == 1, hashes
    print(f"the same bits everywhere: {hashes}", flush=True)

    some = all_rows[:1001]
    with open(os.path.join(WORK, "some.csv"), "w") as file:
        file.write(table([["id", *row] if i == 0 else [i, *row] for i, row in enumerate(some)]))
    scored = os.path.join(WORK, "scored")
    ended(
        submit(
            spark_home, "local[2]", "Predict", "--model", os.path.join(WORK, "spread.zip"), "--data", os.path.join(WORK, "some.csv"), "--format", "csv",
            "--keep", "id", "--out", scored,
        )
    )  # fmt: skip
    spark = {}
    for name in os.listdir(scored):
        if name.endswith(".csv"):
            with open(os.path.join(scored, name)) as file:
                spark |= {row["id"]: row for row in csv.DictReader(file)}
    with open(os.path.join(WORK, "some.csv"), "rb") as file:
        request = urllib.request.Request(
            base + "/api/v1/models/spread/predictions?pass=id&unknown=ignore", file.read(), {"Content-Type": "text/csv", "Accept": "text/csv"}
        )
    try:
        with urllib.request.urlopen(request) as answer:
            expected = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.read().decode()))}
    except urllib.error.HTTPError as e:
        sys.exit(e.read().decode())
    assert spark.keys() == expected.keys() and len(spark) == len(some) - 1
    for key, row in expected.items():
        for column, cell in row.items():
            try:
                a, b = float(cell), float(spark[key][column])
                assert abs(a - b) <= 1e-5 * max(1, abs(a)), (row, spark[key])
            except ValueError:
                assert cell == spark[key][column], (row, spark[key])
    print(f"{len(spark)} answers of the service and of Predict agree", flush=True)


try:
    main()
finally:
    # A worker that is asked to end ends its executors.
    for process in reversed(started):
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
