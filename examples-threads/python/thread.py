"""A thread runs a function at the same time as its caller, and `join` waits until it has ended."""

import time
from threading import Thread, current_thread


def worker(n):
    time.sleep(0.1)  # Simulates work.
    print(f"{current_thread().name} {n}\n", end="", flush=True)


start = time.perf_counter()
# Without a name the thread would be called `Thread-1 (worker)`.
workers = [Thread(target=worker, args=(n,), name=f"Thread-{n + 1}") for n in range(5)]
for t in workers:
    t.start()
for t in workers:
    t.join()
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
