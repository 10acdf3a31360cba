"""A thread that waits for messages of several kinds needs one queue for all of them.

Python has no `select` for queues, so each message says of which kind it is.
"""

import queue
import threading
import time


def send_all(q):
    time.sleep(0.2)  # Simulates work.
    q.put(("number", 1))
    q.put(("letter", "a"))
    q.put(("letter", "b"))
    q.put(("number", 2))
    q.put(("stop", None))


q = queue.Queue()
threading.Thread(target=send_all, args=(q,)).start()
limit = None
try:
    while True:
        kind, value = q.get(timeout=limit)
        if kind == "stop":
            print("stop: wait a moment for more messages")
            start = time.perf_counter()
            limit = 0.05
        else:
            print(kind, value)
except queue.Empty:
    print(f"The time is up after {time.perf_counter() - start:.2f} second(s)")
