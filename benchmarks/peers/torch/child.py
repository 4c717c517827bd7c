"""The process of PyTorch: `python3 child.py <assignment as JSON> [<task as JSON>]`. The protocol: ../../src/competitor/protocol.ts."""
import importlib
import json
import os
import resource
import sys
import time

MARK = "@bench "


def answer(message):
    sys.stdout.write(MARK + json.dumps(message) + "\n")
    sys.stdout.flush()


def load(assignment):
    """Imports the file of the workload and calls its `load(parameters, variant)`, which returns `run` and `check`."""
    import torch

    torch.set_num_threads(assignment["threads"])
    torch.set_flush_denormal(True)  # as WebAssembly programs for training rarely meet them, and they are slow
    try:
        torch.set_num_interop_threads(1)
    except RuntimeError:
        pass  # it was used already
    return importlib.import_module(assignment["workload"].replace("-", "_")).load(assignment["parameters"], assignment["variant"])


def warm(run, milliseconds, least):
    started = time.perf_counter()
    done, count = 0, 1
    while True:
        begin = time.perf_counter()
        for _ in range(count):
            run()
        now = time.perf_counter()
        done += count
        elapsed = (now - started) * 1000
        if elapsed >= milliseconds and (done >= least or elapsed >= 10 * milliseconds):
            return {"each": (now - begin) * 1000 / count}
        count *= 2


def measure(run, untimed, count):
    first = time.process_time()
    for _ in range(untimed):
        run()
    second = time.process_time()
    started = time.perf_counter()
    for _ in range(count):
        run()
    wall = time.perf_counter() - started
    end = time.process_time()
    return {"wall": wall * 1000, "processor": (end - second) * 1000, "total": (end - first) * 1000}


def serve(assignment):
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "load":
            run, check = load(assignment)
            answer({"check": check()})
        elif request["do"] == "warm":
            answer(warm(run, request["milliseconds"], request["least"]))
        else:
            answer(measure(run, request["untimed"], request["count"]))


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def started_at():
    """Seconds from the start of this process to the start of this file, according to Linux."""
    with open("/proc/self/stat") as stat, open("/proc/uptime") as uptime:
        ticks = int(stat.read().rpartition(")")[2].split()[19])
        return float(uptime.read().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")


def once(assignment, task):
    bare = peak()
    before = started_at()
    started = time.perf_counter()
    run, _ = load(assignment)
    if task["kind"] == "cold-start":
        run()
        took = (time.perf_counter() - started) * 1000
        answer({"import to first step": took, "process start to first step": took + before * 1000})
    else:
        for _ in range(task["steps"]):
            run()
        answer({"peak of the process": peak(), "of that, above the bare runtime": peak() - bare})


if __name__ == "__main__":
    try:
        if len(sys.argv) > 2:
            once(json.loads(sys.argv[1]), json.loads(sys.argv[2]))
        else:
            serve(json.loads(sys.argv[1]))
    except Exception as error:  # report any error to the measuring process
        answer({"error": repr(error)})
        sys.exit(1)
