"""`starmap` is `map` for a function with several parameters: each item holds all its arguments."""

import os
import time
from multiprocessing import Pool


def mypower(base, exponent):
    """Returns the power, and which process has computed it."""
    print(f"a worker raises {base} to the power of {exponent}\n", end="", flush=True)
    time.sleep(0.2)  # Simulates work.
    return base**exponent, os.getpid()


if __name__ == "__main__":
    start = time.perf_counter()
    with Pool(5) as p:
        powers, ids = zip(*p.starmap(mypower, [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)]))
    print(list(powers))
    print("main goes on working")
    print(f"Computed by {len(set(ids) - {os.getpid()})} other process(es)")
    print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
