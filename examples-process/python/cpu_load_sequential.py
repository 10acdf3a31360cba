"""As many pieces of work as there are cores, one after another: one core is busy at a time."""

import multiprocessing as mp
import sys
import time


def single_thread_with_busy_wait(n):
    start = time.perf_counter()
    for i in range(1, n):
        for j in range(1, n):
            count = i + j
    return time.perf_counter() - start


n = int(sys.argv[1]) if len(sys.argv) > 1 else 6000  # Some seconds.
start = time.perf_counter()
times = [single_thread_with_busy_wait(n) for _ in range(0, mp.cpu_count())]
print("Done")
print(f"{mp.cpu_count()} pieces of work in this process")
print(f"Time for the longest piece: {max(times):.4f} second(s)")
print(f"Total time taken: {time.perf_counter() - start:.4f} second(s)")
