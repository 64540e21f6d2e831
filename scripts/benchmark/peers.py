"""The same work by what a user would pick instead: task-spooler, GNU parallel, xargs, moto's server."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from .samples import NotMeasured
from .server import SLOTS

JOBS = 300
MOTO_READS = 2000
MOTO_SUBMITS = 500
INSTALL_SECONDS = 300
RUN_SECONDS = 120
START_SECONDS = 30

FIGURES = [
    ("xargs", "jobs/s", "xargs -P2, each exit code to a file"),
    ("tsp", "jobs/s", "task-spooler, 2 slots, queued one by one"),
    ("parallel", "jobs/s", "GNU parallel -j2 with a job log"),
    ("moto_read", "req/s", "moto's server, its status page, 8 connections"),
    ("moto_submit", "req/s", "moto's server, SageMaker CreateTrainingJob (runs nothing), 8 connections"),
    ("xargs_ratio", "x", "our jobs against xargs"),
    ("tsp_ratio", "x", "our jobs against task-spooler"),
    ("parallel_ratio", "x", "our jobs against GNU parallel"),
    ("moto_read_ratio", "x", "our status reads against moto's status page"),
    ("moto_submit_ratio", "x", "our submissions, stored and run, against moto's"),
]

TRAINING_JOB = (
    '{"TrainingJobName":"bench-{n}","RoleArn":"arn:aws:iam::123456789012:role/bench","AlgorithmSpecification":{"TrainingImage":"i",'
    '"TrainingInputMode":"File"},"OutputDataConfig":{"S3OutputPath":"s3://b/o"},"ResourceConfig":{"InstanceType":"ml.m5.large",'
    '"InstanceCount":1,"VolumeSizeInGB":1},"StoppingCondition":{"MaxRuntimeInSeconds":60}}')
TRAINING_HEADER = (
    "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: SageMaker.CreateTrainingJob\r\nAuthorization: AWS4-HMAC-SHA256 "
    "Credential=bench/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=bench")


class Peers:
    """Measures each peer once a round, and our own figures of that round against it."""

    def __init__(self, bench):
        self.bench = bench
        self.commands = {}

    def round(self, own):
        for name, part in (("xargs", self.xargs), ("tsp", self.tsp), ("parallel", self.parallel)):
            rate = self.bench.samples.measure([name, name + "_ratio"], part)
            self.add(name, rate, own.get("jobs"))
        self.bench.samples.measure(
            ["moto_read", "moto_submit", "moto_read_ratio", "moto_submit_ratio"], lambda: self.moto(own))

    def add(self, name, rate, ours):
        self.bench.samples.add(name, rate)
        if rate and ours:
            self.bench.samples.add(name + "_ratio", ours / rate)

    def xargs(self):
        folder = self.folder("xargs")
        script = 'sh -c true; echo $? > "%s/$1"' % folder
        seconds = run(["xargs", "-P", str(SLOTS), "-I{}", "sh", "-c", script, "sh", "{}"], input="\n".join(map(str, range(JOBS))))
        if len(os.listdir(folder)) != JOBS:
            raise NotMeasured("xargs did not run every job")
        return JOBS / seconds

    def tsp(self):
        tsp = self.command("tsp", "task-spooler")
        environment = dict(os.environ, TS_SOCKET=os.path.join(self.folder("tsp"), "socket"), TMPDIR=self.folder("tsp"))
        subprocess.run([tsp, "-S", str(SLOTS)], env=environment, check=True, capture_output=True)
        try:
            begin = time.monotonic()
            for _ in range(JOBS):
                subprocess.run([tsp, "-n", "sh", "-c", "true"], env=environment, check=True, stdout=subprocess.DEVNULL)
            for last in range(JOBS - SLOTS, JOBS):
                subprocess.run([tsp, "-w", str(last)], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=RUN_SECONDS)
            return JOBS / (time.monotonic() - begin)
        finally:
            subprocess.run([tsp, "-K"], env=environment, capture_output=True)

    def parallel(self):
        parallel = self.command("parallel", "parallel")
        log = os.path.join(self.folder("parallel"), "log")
        environment = dict(os.environ, PARALLEL_HOME=self.folder("parallel"), HOME=self.folder("parallel"))
        begin = time.monotonic()
        # Citing is asked for on its first run otherwise, which waits for an answer.
        subprocess.run(
            [parallel, "--will-cite", "-j", str(SLOTS), "--joblog", log, "sh -c true", ":::", *map(str, range(JOBS))],
            env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=RUN_SECONDS)
        return JOBS / (time.monotonic() - begin)

    def moto(self, own):
        server = self.moto_server()
        port = free_port()
        process = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_page("http://127.0.0.1:%d/moto-api/" % port, process)
            load = ["get", "--port", port, "--token", "none"]
            reads = self.bench.load(*load, "--path", "/moto-api/", "--requests", MOTO_READS)
            submits = self.bench.load(
                *load, "--path", "/", "--requests", MOTO_SUBMITS, "--header", TRAINING_HEADER, "--body", TRAINING_JOB)
            self.add("moto_read", reads["requests_per_second"], own.get("reads"))
            self.add("moto_submit", submits["requests_per_second"], own.get("submits"))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()

    def moto_server(self):
        """moto's program: the one on PATH, or one in an environment of its own below the benchmark's folder."""
        if "moto" not in self.commands:
            self.commands["moto"] = shutil.which("moto_server") or self.install_moto()
        if not self.commands["moto"]:
            raise NotMeasured("moto's server is not here and could not be installed; pip install 'moto[server]'")
        return self.commands["moto"]

    def install_moto(self):
        """Installs it from the Python package index.

        Returns: its path, None where that did not work.
        """
        environment = os.path.join(self.bench.folder, "moto")
        python = os.path.join(environment, "bin", "python")
        for command in ([sys.executable, "-m", "venv", environment], [python, "-m", "pip", "install", "-q", "moto[server]"]):
            if subprocess.run(command, capture_output=True, timeout=INSTALL_SECONDS).returncode != 0:
                return None
        return os.path.join(environment, "bin", "moto_server")

    def command(self, name, package):
        """The path of a program, installed by apt where that goes without asking."""
        if name not in self.commands:
            if not shutil.which(name) and os.getuid() == 0 and shutil.which("apt-get"):
                subprocess.run(["apt-get", "install", "-y", "-qq", package], capture_output=True, timeout=INSTALL_SECONDS)
            self.commands[name] = shutil.which(name)
        if not self.commands[name]:
            raise NotMeasured("%s is not here and could not be installed; apt-get install %s" % (name, package))
        return self.commands[name]

    def folder(self, name):
        path = os.path.join(self.bench.folder, "%s-%d" % (name, len(os.listdir(self.bench.folder))))
        os.makedirs(path, exist_ok=True)
        return path


def run(command, **options):
    begin = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=RUN_SECONDS, **options)
    return time.monotonic() - begin


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def await_page(address, process):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise NotMeasured("moto's server did not start")
