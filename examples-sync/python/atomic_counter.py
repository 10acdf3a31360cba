"""A lock makes an update of a counter one step. Without it `counter += 1` is several steps.

Python has no atomic integers, so a lock takes the place of `fetch_add`.
"""

from threading import Barrier, Lock, Thread

THREADS = 4
lock = Lock()
barrier = Barrier(THREADS)
counter = 0


def load_store(updates):
    global counter
    for _ in range(updates):
        found = counter
        # CPython 3.11 happens to switch to another thread neither here nor in `counter += 1`, so
        # usually no update is lost. This is not documented.
        counter = found + 1


def load_barrier_store(updates):
    global counter
    for _ in range(updates):
        found = counter
        barrier.wait()  # No thread stores before all have loaded.
        counter = found + 1


def fetch_add(updates):
    global counter
    for _ in range(updates):
        with lock:
            counter += 1


def count(name, updates, add):
    """Lets each thread make its updates of the counter, and prints how many were counted."""
    global counter
    counter = 0
    threads = [Thread(target=add, args=(updates,)) for _ in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(f"{name}: {counter} of {THREADS * updates} updates counted")


count("load, store", 300_000, load_store)
count("load, barrier, store", 1, load_barrier_store)
count("fetch_add", 300_000, fetch_add)
