"""A lock lets no thread access the data in the middle of another thread's update."""

import random
import sys
import threading
import time


class DataObject:
    """After each update, z = x + y."""

    def __init__(self):
        self._lock = threading.Lock()
        self.x = self.y = self.z = self.updates = 0

    def update(self, x, y):
        with self._lock:
            updates = self.updates
            self.x = x
            pause()
            self.y = y
            pause()
            self.z = self.x + self.y
            pause()
            self.updates = updates + 1
            return "-" if self.z == self.x + self.y else "*"


def pause():
    """Simulates work that takes a varying amount of time."""
    time.sleep(random.randint(0, 100) / 1000)


def foo(data, updates):
    for _ in range(updates):
        mark = data.update(random.randint(0, 100), random.randint(0, 100))
        # Flush after each mark, so that the reader can watch the threads' progress.
        print(f"{mark} ", end="", flush=True)


updates = int(sys.argv[1]) if len(sys.argv) > 1 else 20
data = DataObject()
threads = [threading.Thread(target=foo, args=(data, updates)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("\nDone")
print(f"{data.updates} of {2 * updates} updates counted")
