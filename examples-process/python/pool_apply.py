"""`apply` gives one call to a process of the pool, and waits for its result before it returns."""

import os
from multiprocessing import Pool


def mysquare(x):
    """Returns the square, and which process has computed it."""
    print(f"a worker squares {x}", flush=True)
    return x * x, os.getpid()


if __name__ == "__main__":
    ids = set()
    with Pool(5) as p:
        for x in (3, 4, 5):
            print(f"main asks for the square of {x}", flush=True)
            square, id = p.apply(mysquare, (x,))
            print(f"main has {square}", flush=True)
            ids.add(id)
    print("main goes on working")
    print(f"Computed by {len(ids - {os.getpid()})} other process(es)")
