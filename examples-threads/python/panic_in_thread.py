"""An exception ends only its own thread, but neither `join` nor a lock tells other threads.

A lock cannot be poisoned in Python, so this program has its own snapshot.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

lock = threading.Lock()
shelves = [10, 0]


def move_items(count):
    with lock:
        shelves[1] += count
        if shelves[0] < count:
            raise ValueError("too few items")
        shelves[0] -= count


def hook(args):
    # Without this hook the exception would be printed to standard error.
    print(f"Hook: a thread fails: {args.exc_value}", flush=True)


threading.excepthook = hook
t = threading.Thread(target=move_items, args=(12,))
t.start()
t.join()
print("join returns, and does not say that the thread has failed")
with lock:
    print(f"The lock does not say it either, and the shelves are {shelves}")
    shelves[:] = [10, 0]

with ThreadPoolExecutor() as executor:
    future = executor.submit(move_items, 12)
    try:
        future.result()
    except ValueError as error:
        print(f"result raises the exception: {error}")
