"""A daemon thread does not keep its program alive: it is cut off when the others have ended."""

import time
from threading import Event, Thread

started = Event()


def daemon():
    print("Starting daemon", flush=True)
    started.set()
    time.sleep(2)
    # The program has ended before this line is reached.
    print("Exiting daemon", flush=True)


def non_daemon():
    print("Starting non_daemon", flush=True)
    time.sleep(1)
    print("Exiting non_daemon", flush=True)


start = time.perf_counter()
Thread(target=daemon, daemon=True).start()
# Wait until the daemon has printed its first line, so that the order of the lines is fixed.
started.wait()

t = Thread(target=non_daemon)
t.start()
# Python would wait for this thread at the end, but the total must come after its last line.
t.join()
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
