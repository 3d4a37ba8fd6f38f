"""What every contender does: read requests from standard input, time the work asked for, answer on standard output."""

import json
import resource
import sys
import time

import numpy as np


def serve(works):
    """Answer requests `{"work": name, "repeat": k, …}` with the seconds of each repetition and the peak memory.

    `works` maps names to functions of the request's other entries, which return a function to be timed and one that
    turns what it returned into JSON. The first call of it warms up and is not timed.
    """
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        work, repeat = request.pop("work"), request.pop("repeat")
        try:
            run, describe = works[work](**request)
            start = time.perf_counter()
            value = run()
            warm_up = time.perf_counter() - start
            seconds = []
            for _ in range(repeat):
                start = time.perf_counter()
                value = run()
                seconds.append(time.perf_counter() - start)
            answer = {"warm_up": warm_up, "seconds": seconds, "value": describe(value)}
        except MemoryError:
            answer = {"error": "out of memory"}
        except Exception as error:  # a contender that fails at a size is out of the race there
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        answer["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(answer), flush=True)


def inputs(n, d, seed=0):
    """The same inputs for every contender: n points of the unit sphere in d dimensions."""
    points = np.random.default_rng(seed).standard_normal((n, d))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def picked(n, count=200, seed=1):
    """The same entries of an n × n matrix for every contender: row and column indices."""
    return np.random.default_rng(seed).integers(0, n, (2, count))


TIMES = 1, 5, 25
"""When trained networks are compared: early, where gradient descent is furthest from the flow, and later."""


def network(n, d, width, seed=3):
    """The same training for every contender: inputs (n, d), weights (d, width), read-out and labels of signs."""
    rng = np.random.default_rng(seed)
    weights, signs = rng.standard_normal((d, width)), 2.0 * rng.integers(0, 2, width + n) - 1
    return inputs(n, d), weights, signs[:width], signs[width:]
