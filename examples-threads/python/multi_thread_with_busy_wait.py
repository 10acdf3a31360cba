"""Three threads compute three times as long as one, because only one of them can hold the GIL."""

import sys
import time
from threading import Barrier, Thread


def run_threads(count, n):
    # The threads wait for each other before they compute, so that they compute at the same time.
    all_have_started = Barrier(count)
    start = time.perf_counter()
    args = (n, all_have_started)
    threads = [Thread(target=multi_thread_with_busy_wait, args=args) for _ in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    say(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")


def multi_thread_with_busy_wait(n, all_have_started):
    say(f"Starting multi_thread_with_busy_wait with n = {n}")
    all_have_started.wait()
    start = time.perf_counter()
    for i in range(1, n):
        for j in range(1, n):
            count = i + j
    say(f"Ended multi_thread_with_busy_wait after {time.perf_counter() - start} seconds")


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


n = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
say("***Running one separate thread:")
run_threads(1, n)
say("***Running three separate threads at the same time:")
run_threads(3, n)
