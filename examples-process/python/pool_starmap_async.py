"""`starmap_async` hands out items with several arguments each, and does not wait for results."""

import os
from multiprocessing import Event, Pool


def init(event):
    global gate
    gate = event


def mypower(base, exponent):
    """Returns the power, and which process has computed it."""
    gate.wait()
    print(f"a worker raises {base} to the power of {exponent}\n", end="", flush=True)
    return base**exponent, os.getpid()


if __name__ == "__main__":
    # The workers wait at the gate, so `main` certainly goes on before a call ends.
    event = Event()
    with Pool(5, init, (event,)) as p:
        powers = p.starmap_async(mypower, [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])
        print("main goes on working", flush=True)
        event.set()
        powers, ids = zip(*powers.get())
    print(list(powers))
    print(f"Computed by {len(set(ids) - {os.getpid()})} other process(es)")
