"""Threads that take their locks in the same order cannot deadlock."""

import threading
import time

locks = [threading.Lock(), threading.Lock()]
values = ["left", "right"]


def swap(first, second):
    """Swaps the two guarded values, which requires holding both locks."""
    id = f"ThreadId({threading.get_native_id()})"
    first, second = min(first, second), max(first, second)
    with locks[first]:
        say(f"{id} holds lock {first} and asks for lock {second}")
        time.sleep(0.1)  # Simulates work.
        with locks[second]:
            say(f"{id} holds both locks")
            values[first], values[second] = values[second], values[first]


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


# After a deadlock Python would wait forever for threads that are not daemons.
threads = [threading.Thread(target=swap, args=pair, daemon=True) for pair in [(0, 1), (1, 0)]]
for t in threads:
    t.start()
start = time.perf_counter()
for t in threads:
    t.join(timeout=1)
    if t.is_alive():
        seconds = time.perf_counter() - start
        say(f"Deadlock: no thread has ended after {seconds:.2f} second(s)")
        break
else:
    say("No deadlock: both threads have ended")
