"""One thread computes three times, one after another, so the total is three computations."""

import sys
import time


def single_thread_with_busy_wait(n):
    print(f"Starting single_thread_with_busy_wait with n = {n}")
    start = time.perf_counter()
    for i in range(1, n):
        for j in range(1, n):
            count = i + j
    print(f"Ended single_thread_with_busy_wait after {time.perf_counter() - start} seconds")


n = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
start = time.perf_counter()
for _ in range(3):
    single_thread_with_busy_wait(n)
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
