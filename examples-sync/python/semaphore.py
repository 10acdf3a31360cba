"""A semaphore has a fixed number of permits: if none is left, a thread waits until one returns."""

import random
import threading
import time

PERMITS = 2
semaphore = threading.Semaphore(PERMITS)
pair = threading.Barrier(PERMITS)
lock = threading.Lock()
inside = 0


def visit():
    global inside
    with semaphore:
        with lock:
            inside += 1
            id = f"ThreadId({threading.get_native_id()})"
            print(f"{id} enters, {inside} of {PERMITS} inside", flush=True)
        # Wait for a second thread. Otherwise each thread could leave before the next one enters.
        pair.wait()
        # Simulates work that takes a varying amount of time.
        time.sleep(random.randint(10, 50) / 1000)
        with lock:
            inside -= 1


for _ in range(6):
    threading.Thread(target=visit).start()
