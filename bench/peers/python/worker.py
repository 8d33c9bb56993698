"""A process with one contender and one workload: ../../src/worker.ts for peers in Python.

worker.py FOLDER VARIANT WORKLOAD
"""

import os

# one thread each; libraries read this when they are imported
os.environ.update(
    {
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "BLIS_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
        "NPROC": "1",  # the size of XLA's pool of threads
        "JAX_PLATFORMS": "cpu",
    }
)

import importlib
import json
import math
import socket
import sys
from time import perf_counter

SHORTEST = 1e-3
"""Seconds: shorter runs are timed many at a time."""

PATIENCE = 1
"""Seconds after which no more runs are compared."""


# not among the sources
sys.dont_write_bytecode = True


class Worker:
    def __init__(self, folder, variant, workload):
        sys.path.insert(0, folder)
        self.variant = variant
        self.workload = workload
        self.program = None
        self.run = None
        self.sum = 0.0

    def answer(self, request):
        if "turn" in request:
            return {"samples": self.time(request["turn"]), "sum": finite(self.sum)}
        return self.prepare(request["prepare"], request["runs"], request["warmUp"])

    def prepare(self, case, runs, warm_up):
        import data

        if self.program is None:
            importlib.import_module("start").start(self.variant)
            self.program = importlib.import_module(self.workload).program
        run = self.program(data.cases[self.workload][case](), self.variant)
        if run is None:
            return {"absent": True}
        self.run = run
        figures = [run()]
        seconds = []
        while not seconds or (len(figures) < runs and sum(seconds) < PATIENCE):
            start = perf_counter()
            figures.append(run())
            seconds.append(perf_counter() - start)
        if seconds[-1] < warm_up:
            self.time(warm_up)
        return {"figures": [[finite(figure) for figure in one] for one in figures], "seconds": seconds}

    def time(self, seconds):
        """Seconds that a run takes, measured for about so many: single runs, or means over many short ones."""
        samples = [self.time_runs(1)]
        runs = 1
        if samples[0] < SHORTEST:
            # as benchmark.js: at least five samples, each long enough for the clock and for what Python collects
            took = samples[0]
            while took < seconds / 10:
                runs *= 2
                took = self.time_runs(runs)
            samples = [took / runs for took in [self.time_runs(runs) for _ in range(5)]]
        total = sum(samples) * runs
        while total < seconds:
            took = self.time_runs(runs)
            samples.append(took / runs)
            total += took
        return samples

    def time_runs(self, count):
        run = self.run
        total = 0.0
        start = perf_counter()
        for _ in range(count):
            for figure in run():
                total += figure
        took = perf_counter() - start
        self.sum = float(total)
        return took


def finite(figure):
    """A number as JSON has them; what is not finite becomes null, as in JavaScript."""
    return float(figure) if math.isfinite(figure) else None


def main():
    worker = Worker(*sys.argv[1:])
    # Node's channel to a child: one JSON message a line
    channel = socket.socket(fileno=int(os.environ.pop("NODE_CHANNEL_FD")))
    for line in channel.makefile("r", encoding="utf-8"):
        try:
            reply = worker.answer(json.loads(line))
        except Exception as error:
            reply = {"failed": f"{type(error).__name__}: {error}".split("\n")[0]}
        channel.sendall((json.dumps(reply) + "\n").encode())


main()
