#!/usr/bin/env python3
"""Trains on Spark in every way that it can be started, and expects the same bits each time.

usage: spark_train.py JAVA_HOME backprop.jar backprop-spark.jar CLASS_PATH WORK [flights.csv.gz]

CLASS_PATH has the jars of Spark. 400,000 rows, of flights or made ones, with a column of categories, missing cells and piecewise-linear encoding, are spread over 8
shards: on local[1], local[2], local-cluster and a cluster of three processes of its own; there an executor is killed in the middle of a round, then the driver,
which goes on from its checkpoint. The artefact goes into a service, which must answer as `Predict` does. Whatever was started is ended by its process id.
"""
import csv
import glob
import gzip
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HOME, SERVICE_JAR, SPARK_JAR, CLASS_PATH, WORK = sys.argv[1:6]
SERVICE_JAR, SPARK_JAR = os.path.abspath(SERVICE_JAR), os.path.abspath(SPARK_JAR)
FLIGHTS = sys.argv[6] if len(sys.argv) > 6 else None
ROWS, SHARDS, PATIENCE = 400_000, 8, 300
JAVA = os.path.join(HOME, "bin", "java")
SPEC = {
    "network": {"layers": [{"type": "dense", "units": 32, "activation": "relu"}, {"type": "dense", "units": 16, "activation": "relu"}]},
    "encoding": {"numbers": "piecewise-linear"},
    "training": {"epochs": 2, "earlyStopping": None},
}
started = []


def main():
    home = fake_home()
    data = table()
    spec = os.path.join(WORK, "spec.json")
    with open(spec, "w") as file:
        json.dump(SPEC, file)
    base = ["--target", "delay", "--model", "flights", "--spec", spec, "--shards", str(SHARDS), "--allow-small"]
    train = lambda name, master, *more: Train(home, name, master, ["--data", data, "--format", "csv", *base, *more])
    bits = {}
    for master in ("local[1]", "local[2]", "local-cluster[2,1,2048]"):
        bits[master] = train("a", master).sha256()
    with_cluster(home, lambda master: on_cluster(train, master, bits))
    for way, sha256 in bits.items():
        print(f"{way}: {sha256}")
    if len(set(bits.values())) != 1:
        sys.exit("the parameters differ")
    print("the same bits in each way")
    in_service(home, train, data)


def on_cluster(train, master, bits):
    bits["a cluster of three processes"] = train("b", master).sha256()

    victim = train("c", master)
    victim.wait_for_round(2)
    executor = executors()[0]
    os.kill(executor, signal.SIGKILL)
    print(f"killed executor {executor} after round 2")
    bits["an executor killed"] = victim.sha256()

    checkpoint = "file://" + os.path.join(WORK, "checkpoint")
    victim = train("d", master, "--checkpoint", checkpoint)
    victim.wait_for_round(3)
    victim.process.kill()
    victim.process.wait()
    print("killed the driver after round 3")
    resumed = train("d", master, "--checkpoint", checkpoint, "--resume")
    bits["the driver killed and resumed"] = resumed.sha256()
    first = min(event["round"] for event in resumed.events() if event["event"] == "round")
    if first < 3:
        sys.exit(f"the resumed driver began again with round {first}")


def in_service(home, train, data):
    port = free_port()
    service = start([JAVA, "-Xmx1g", "-jar", SERVICE_JAR, f"--server.port={port}", f"--backprop.data-directory={WORK}/service"], "service", {})
    base = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(base + "/actuator/health/readiness"), "the service", service)
    # The key of the request is the id of the first application. The same bytes sent twice add nothing.
    checkpoint = "file://" + os.path.join(WORK, "checkpoint")
    with open(f"{WORK}/d.zip", "rb") as file:
        artifact = file.read()
    for _ in range(2):
        sent = train("d", "local[2]", "--checkpoint", checkpoint, "--resume", "--service", base)
        finish(sent.process, sent.name)
        if not any(event["event"] == "imported" for event in sent.events()):
            sys.exit("nothing was imported")
        with open(f"{WORK}/d.zip", "rb") as file:
            if file.read() != artifact:
                sys.exit("the artefact that was sent is another one")
    versions = json.load(urllib.request.urlopen(base + "/api/v1/models/flights/versions"))["items"]
    if len(versions) != 1:
        sys.exit(f"{len(versions)} versions after two imports of one artefact")

    asked = os.path.join(WORK, "asked.csv")
    with open(data) as rows, open(asked, "w") as file:
        for line, _ in zip(rows, range(1001)):
            file.write(line.rsplit(",", 1)[0] + "\n")
    out = os.path.join(WORK, "predicted")
    command = [JAVA, *java_options(), "-Dspark.master=local[2]", "-cp", f"{SPARK_JAR}:{CLASS_PATH}", "dev.backprop.spark.Predict",
               "--model", f"{base}/api/v1/models/flights/versions/1", "--data", "file://" + asked, "--out", "file://" + out, "--format", "csv"]  # fmt: skip
    finish(start(command, "predict", environment(home)), "predict")
    spark = []
    for part in sorted(glob.glob(out + "/part-*.csv")):
        with open(part) as file:
            spark += [float(row["prediction"]) for row in csv.DictReader(file)]
    with open(asked, "rb") as file:
        headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
        request = urllib.request.Request(base + "/api/v1/models/flights/predictions", file.read(), headers)
    answered = csv.DictReader(urllib.request.urlopen(request).read().decode().splitlines())
    service_answers = [float(row["prediction"]) for row in answered]
    worst = max(abs(a - b) / (1 + abs(b)) for a, b in zip(spark, service_answers, strict=True))
    print(f"{len(spark)} answers of the service and of Predict, at most {worst:.1e} apart")
    if worst > 1e-5:
        sys.exit("the service answers otherwise than Predict")


class Train:
    """A run of dev.backprop.spark.Train."""

    def __init__(self, home, name, master, options):
        self.name = f"train-{len(started)}-{name}"
        self.master = master
        self.begun = time.time()
        command = [JAVA, *java_options(), "-cp", f"{home}/jars/*", "org.apache.spark.deploy.SparkSubmit", "--master", master,
                   "--conf", "spark.ui.enabled=false", "--conf", "spark.executor.memory=2g", "--conf", "spark.executor.cores=1", "--class", "dev.backprop.spark.Train",
                   SPARK_JAR, *options, "--out", f"{WORK}/{name}.zip"]  # fmt: skip
        self.process = start(command, self.name, environment(home))

    def events(self):
        with open(f"{WORK}/{self.name}.out") as file:
            return [json.loads(line) for line in file if line.startswith("{") and line.endswith("}\n")]

    def wait_for_round(self, number):
        wait_until(lambda: any(e["event"] == "round" and e["round"] >= number for e in self.events()), f"round {number}", self.process, self.name)

    def sha256(self):
        finish(self.process, self.name)
        print(f"{self.name} on {self.master}: {time.time() - self.begun:.0f} s", flush=True)
        return next(event["sha256"] for event in self.events() if event["event"] == "trained")


def with_cluster(home, use):
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    run = [JAVA, "-Xmx512m", *java_options(), "-cp", f"{home}/jars/*"]
    environment_ = environment(home)
    processes = [start([*run, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())], "master", environment_)]
    wait_until(lambda: accepts(port), "the master", processes[0], "master")
    for i in (1, 2):
        processes.append(
            start(
                [*run, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "3g", "--webui-port", str(free_port()),
                 "-d", f"{WORK}/worker{i}", master], f"worker{i}", environment_,
            )
        )  # fmt: skip
    try:
        use(master)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(20)


def executors():
    """The process ids of the executors that the workers have started last."""
    found = {}
    for path in glob.glob("/proc/[0-9]*"):
        try:
            folder = os.readlink(path + "/cwd")
        except OSError:
            continue
        if folder.startswith(f"{WORK}/worker"):
            # …/worker1/app-20260101000000-0001/0
            found.setdefault(folder.split("/")[-2], []).append(int(path.split("/")[2]))
    return found[max(found)]


def fake_home():
    """What Spark takes for its installation: a folder with its jars."""
    home = os.path.join(WORK, "home")
    os.makedirs(home + "/jars")
    for jar in CLASS_PATH.split(":"):
        os.symlink(jar, os.path.join(home, "jars", os.path.basename(jar)))
    return home


def environment(home):
    mine = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    return {**mine, "SPARK_HOME": home, "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1", "JAVA_HOME": HOME, "SPARK_LOCAL_DIRS": WORK + "/local"}


def java_options():
    opened = ("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent",
              "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.util.calendar")  # fmt: skip
    return ["-Xmx2g", "--enable-native-access=ALL-UNNAMED", *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opened)]


def table():
    """A file of 400,000 rows: categories, numbers, missing cells, and a target of numbers."""
    path = os.path.join(WORK, "flights.csv")
    with open(path, "w") as out:
        if FLIGHTS and os.path.exists(FLIGHTS):
            with gzip.open(FLIGHTS, "rt") as rows:
                out.write(next(rows))
                for number, row in zip(range(ROWS), rows):
                    cells = row.split(",")
                    cells[5] = "" if number % 17 == 0 else cells[5]
                    out.write(",".join(cells))
            return path
        draw = random.Random(5)
        out.write("month,hour,origin,distance,delay\n")
        for number in range(ROWS):
            month, hour, origin, distance = draw.randint(1, 12), draw.randint(0, 23), draw.randint(0, 60), draw.randint(80, 2500)
            delay = round(hour - month / 2 + origin % 7 + distance / 500 + draw.gauss(0, 8))
            out.write(f"{month},{hour},A{origin},{'' if number % 17 == 0 else distance},{delay}\n")
    return path


def start(command, name, environment_):
    out = open(f"{WORK}/{name}.out", "w")
    error = open(f"{WORK}/{name}.err", "w")
    process = subprocess.Popen(command, stdout=out, stderr=error, env=environment_ or None, cwd=WORK)
    started.append(process)
    return process


def finish(process, name):
    try:
        status = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        status = f"none within {PATIENCE} s"
    if status:
        fail(name, f"ended with status {status}")


def fail(name, why):
    for kind in ("err", "out"):
        with open(f"{WORK}/{name}.{kind}") as file:
            print(file.read()[-3000:])
    sys.exit(f"{name}: {why}")


def wait_until(condition, what, process, name=None):
    end = time.time() + PATIENCE
    while not condition():
        if process.poll() is not None or time.time() > end:
            fail(name or "service", f"{what} did not come")
        time.sleep(0.1)


def answers(url):
    try:
        return urllib.request.urlopen(url).status == 200
    except OSError:
        return False


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    except OSError:
        return False


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


if __name__ == "__main__":
    try:
        main()
    finally:
        for process in started:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(os.path.join(WORK, "local"), ignore_errors=True)
