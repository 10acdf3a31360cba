"""A condition lets a thread wait until shared data is in the state that the thread needs."""

import threading
import time
from collections import deque

cond = threading.Condition()
items = deque()


def consumer(name, started):
    time.sleep(0.01)  # Simulates a thread that needs time to start.
    with cond:
        print(f"Starting {name}", flush=True)
        started.set()
        # This releases the lock while it waits, and has locked it again when it returns.
        cond.wait_for(lambda: items)
        print(f"{name} notified by producer", flush=True)
        print(f"{name} takes item {items.popleft()}", flush=True)


def producer(name):
    print(f"Starting {name}", flush=True)
    with cond:
        print(f"{name} notifying all consumers", flush=True)
        items.extend([1, 2])
        cond.notify_all()


for name in ("consumer_thread_1", "consumer_thread_2"):
    started = threading.Event()
    threading.Thread(target=consumer, args=(name, started)).start()
    started.wait()
threading.Thread(target=producer, args=("producer_thread",)).start()
