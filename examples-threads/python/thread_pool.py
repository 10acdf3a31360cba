"""A thread pool has a fixed number of workers, which take jobs and return results."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed

WORKERS = 3
all_are_busy = threading.Barrier(WORKERS)


def square(n):
    """Returns the job, its result, and which worker has done it."""
    if n <= WORKERS:
        # The first jobs wait for each other, so that each worker gets one of them.
        all_are_busy.wait()
    return n, n * n, threading.get_native_id()


with ThreadPoolExecutor(max_workers=WORKERS) as pool:
    futures = [pool.submit(square, n) for n in range(1, 10)]
    results = [future.result() for future in as_completed(futures)]
jobs = Counter(worker for _, _, worker in results)
for worker, done in jobs.items():
    print(f"worker {worker} has done {done} job(s)")
print(sorted((n, result) for n, result, _ in results))
