"""Items that need nothing from each other can be computed by threads or, in parallel, by processes.

Python has no thread pool that computes in parallel, so a pool of processes replaces rayon. This is
why the program has a snapshot of its own.
"""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool


def count_primes(limit):
    """Returns how many primes are below the limit, and which thread of which process did it."""
    primes = [n for n in range(2, limit) if all(n % d for d in range(2, int(n**0.5) + 1))]
    return len(primes), (os.getpid(), threading.get_native_id())


def report(name, function, kind):
    start = time.perf_counter()
    counts, workers = zip(*function())
    seconds = time.perf_counter() - start
    new = set(workers) - {(os.getpid(), threading.get_native_id())}
    print(f"{name}: {list(counts)}, {len(new)} new {kind}, {seconds:.2f} second(s)", flush=True)


if __name__ == "__main__":
    limits = [50000, 40000, 30000, 20000, 10000]
    print(f"Primes below each of {limits}", flush=True)
    report("one after another", lambda: [count_primes(limit) for limit in limits], "thread(s)")
    with ThreadPoolExecutor(len(limits)) as executor:
        report("ThreadPoolExecutor", lambda: executor.map(count_primes, limits), "thread(s)")
    with Pool() as pool:
        report("Pool", lambda: pool.map(count_primes, limits), "process(es)")
