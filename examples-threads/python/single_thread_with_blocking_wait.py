"""One thread waits three times, one wait after another, so the total is three waits."""

import sys
import time


def single_thread_with_blocking_wait(timeout):
    print(f"Starting single_thread_with_blocking_wait with timeout = {timeout:g} seconds")
    start = time.perf_counter()
    time.sleep(timeout)
    seconds = time.perf_counter() - start
    print(f"Ended single_thread_with_blocking_wait after {seconds} seconds")


timeout = float(sys.argv[1]) if len(sys.argv) > 1 else 5
start = time.perf_counter()
for _ in range(3):
    single_thread_with_blocking_wait(timeout)
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
