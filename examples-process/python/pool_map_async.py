"""`map_async` hands out all items and returns at once; `get` waits for the results."""

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
    with Pool(5, init, (event,)) as p:
        squares = p.map_async(mysquare, [1, 2, 3, 4, 5])
        print("main goes on working", flush=True)
        event.set()
        squares, ids = zip(*squares.get())
    print(list(squares))
    print(f"Computed by {len(set(ids) - {os.getpid()})} other process(es)")
