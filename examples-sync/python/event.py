"""An event is a flag: threads wait until another thread sets it."""

import sys
import threading
import time


def wait_for_event(started, event):
    time.sleep(0.01)  # Simulates a thread that needs time to start.
    say("Secondary thread started")
    start = time.perf_counter()
    started.set()
    time.sleep(0.01)  # Simulates work that it does before it waits.
    event.wait()
    say("Secondary thread wait ended (event was set in main thread)")
    say(f"Secondary thread waited {time.perf_counter() - start:.2f} second(s)")


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


work = float(sys.argv[1]) if len(sys.argv) > 1 else 3
say("Main thread creating event")
event = threading.Event()
started = threading.Event()

say("Main thread creating secondary thread")
threading.Thread(target=wait_for_event, args=(started, event)).start()
started.wait()
time.sleep(work)  # Simulates work.
say("Main thread setting event")
event.set()
say("Main thread done")
