"""`apply_async` returns while its call is still running; `get` waits for the result."""

import os
from multiprocessing import Event, Pool


def init(event):
    global gate
    gate = event


def mysquare(x):
    """Returns the square, and which process has computed it."""
    gate.wait()
    print(f"a worker squares {x}\n", end="", flush=True)
    return x * x, os.getpid()


if __name__ == "__main__":
    # The workers wait at the gate, so `main` certainly goes on before a call ends.
    event = Event()
    ids = set()
    with Pool(5, init, (event,)) as p:
        calls = []
        for x in (3, 4, 5):
            print(f"main asks for the square of {x}", flush=True)
            calls.append(p.apply_async(mysquare, (x,)))
        print("main goes on working", flush=True)
        event.set()
        for call in calls:
            square, id = call.get()
            print(f"main has {square}\n", end="", flush=True)
            ids.add(id)
    print(f"Computed by {len(ids - {os.getpid()})} other process(es)")
