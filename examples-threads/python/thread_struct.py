"""A subclass of `Thread` holds the thread's data, and `start` calls its `run` on a new thread."""

import time
from threading import Thread


class MyThread(Thread):
    def __init__(self, n):
        super().__init__(name=f"Thread-{n + 1}")
        self.n = n

    def run(self):
        time.sleep(0.1)  # Simulates work.
        print(f"{self.name} {self.n}\n", end="", flush=True)


start = time.perf_counter()
workers = [MyThread(n) for n in range(5)]
for t in workers:
    t.start()
for t in workers:
    t.join()
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
