"""Three processes compute at the same time, each on a core of its own if three cores are free."""

import os
import sys
import time
from multiprocessing import Process, Queue


def multiprocessing_with_busy_wait(n, queue):
    start = time.perf_counter()
    for i in range(1, n):
        for j in range(1, n):
            count = i + j
    queue.put((time.perf_counter() - start, os.getpid()))


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    start = time.perf_counter()
    queue = Queue()
    processes = [Process(target=multiprocessing_with_busy_wait, args=(n, queue)) for _ in range(3)]
    for p in processes:
        print(f"Starting multiprocessing_with_busy_wait with n = {n}", flush=True)
        p.start()
    ids = set()
    # The results come first: a process does not end before the queue has taken its result.
    for _ in processes:
        seconds, id = queue.get()
        print(f"Ended multiprocessing_with_busy_wait after {seconds} seconds")
        ids.add(id)
    for p in processes:
        p.join()
    print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
    print(f"Computed by {len(ids - {os.getpid()})} other process(es)")
