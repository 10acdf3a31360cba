"""Three threads that only wait can wait at the same time, so the total is one wait, not three."""

import sys
import time
from threading import Thread


def multi_thread_with_blocking_wait(timeout):
    say(f"Starting multi_thread_with_blocking_wait with timeout = {timeout:g} seconds")
    start = time.perf_counter()
    time.sleep(timeout)
    seconds = time.perf_counter() - start
    say(f"Ended multi_thread_with_blocking_wait after {seconds} seconds")


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


timeout = float(sys.argv[1]) if len(sys.argv) > 1 else 5
start = time.perf_counter()
threads = [Thread(target=multi_thread_with_blocking_wait, args=(timeout,)) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
say(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
