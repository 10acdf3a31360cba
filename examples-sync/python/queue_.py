"""Five workers share one queue, and each message goes to exactly one of them."""

import queue
import random
import threading
import time


def worker(q):
    while (item := q.get()) is not None:
        # Simulates work that takes a varying amount of time.
        time.sleep(random.randint(5, 10) / 100)
        say("true" if item is True else item)  # As Rust prints it.
        q.task_done()
    q.task_done()


def say(text):
    """Prints a line in one piece. `print(text)` writes the end of the line separately."""
    print(f"ThreadId({threading.get_native_id()}) {text}\n", end="", flush=True)


say("(main thread)")
q = queue.Queue()
workers = [threading.Thread(target=worker, args=(q,)) for _ in range(5)]
for t in workers:
    t.start()

time.sleep(0.2)  # Simulates work. Meanwhile the queue is empty, and the workers wait.
start = time.perf_counter()
for item in ["Hello", 42, True, [7, 7, 7], (5,), "Goodbye"]:
    q.put(item)
for _ in workers:
    q.put(None)  # No more messages will come. Each worker takes one `None` and ends.
q.join()
for t in workers:
    t.join()
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
