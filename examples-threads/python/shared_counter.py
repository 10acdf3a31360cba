"""Threads share a value by its name, because every variable is a counted reference to its object.

The lesson counts the owners of its `Arc`. Python's own counts depend on the interpreter, so this
program does not print them, and has its own snapshot.
"""

from threading import Lock, Thread


class Counter:
    def __init__(self):
        self.lock = Lock()
        self.value = 0


def start_threads(counter):
    threads = [Thread(target=count, args=(counter,)) for _ in range(3)]
    for t in threads:
        t.start()
    return threads


def count(counter):
    for _ in range(100_000):
        with counter.lock:
            counter.value += 1


counter = Counter()
# The threads have to wait for the lock, so all of them still run when it is released.
with counter.lock:
    threads = start_threads(counter)
    print(f"start_threads has returned. Running threads: {sum(t.is_alive() for t in threads)}")
    print(f"Total: {counter.value}")
for t in threads:
    t.join()
print(f"The threads have ended. Running threads: {sum(t.is_alive() for t in threads)}")
print(f"Total: {counter.value}")
