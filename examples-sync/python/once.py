"""A value is initialised once if a thread checks and sets it while it holds a lock."""

import functools
import threading
import time

all_started = threading.Barrier(3)
lock = threading.Lock()
leader = None


def worker(number):
    say(f"worker {number} starts")
    # All workers ask for the leader at the same time.
    all_started.wait()
    leader = get_leader(number)
    with lock:  # Without the lock, several threads could call it at the same time.
        settings = load_settings()
    say(f"worker {number}: {settings}, the leader is worker {leader}")


def get_leader(number):
    global leader
    with lock:
        if leader is None:
            leader = elect(number)
        return leader


def elect(number):
    time.sleep(0.1)  # Simulates the work of creating a value.
    say(f"worker {number} becomes the leader")
    return number


@functools.cache
def load_settings():
    say("loading the settings")
    time.sleep(0.1)  # Simulates the work of creating a value.
    return "colour = blue"


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


for number in (1, 2, 3):
    threading.Thread(target=worker, args=(number,)).start()
