"""`map` spreads its items over a pool of processes, and waits until it has every result."""

import os
import time
from multiprocessing import Pool


def mysquare(x):
    """Returns the square, and which process has computed it."""
    time.sleep(0.2)  # Simulates work.
    return x * x, os.getpid()


if __name__ == "__main__":
    start = time.perf_counter()
    with Pool(5) as p:
        squares, ids = zip(*p.map(mysquare, [1, 2, 3, 4, 5]))
    print(list(squares))
    print(f"Computed by {len(set(ids) - {os.getpid()})} other process(es)")
    print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
