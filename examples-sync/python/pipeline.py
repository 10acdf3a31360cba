"""A pipeline is a chain of stages, each with its own threads, which feed the next stage."""

import queue
import time
from threading import Thread


def source(numbers):
    for number in range(1, 7):
        numbers.put(number)
    say("The source ends")


def worker(id, numbers, squares):
    while (number := numbers.get()) is not None:
        squares.put((id, number * number))
    say(f"Worker {id} ends")


def close(threads, q, readers):
    """Waits until the threads of a stage have ended, and then tells each reader of their queue."""
    for t in threads:
        t.join()
    for _ in range(readers):
        q.put(None)


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


numbers, squares = queue.Queue(1), queue.Queue(1)
sources = [Thread(target=source, args=(numbers,))]
workers = [Thread(target=worker, args=(id, numbers, squares)) for id in (1, 2)]
for t in sources + workers:
    t.start()
Thread(target=close, args=(sources, numbers, len(workers))).start()
Thread(target=close, args=(workers, squares, 1)).start()

received = []
while (result := squares.get()) is not None:
    id, square = result
    time.sleep(0.01)  # Simulates work.
    received.append(square)
    say(f"Result {len(received)} is {square}, from worker {id}")
say(f"The pipeline has ended, all results: {sorted(received)}")
