"""As many pieces of work as there are cores, in a pool of processes: all cores are busy."""

import multiprocessing as mp
import os
import sys
import time


def multiprocessing_with_busy_wait(n):
    """Returns how long it took, and which process has computed it."""
    start = time.perf_counter()
    for i in range(1, n):
        for j in range(1, n):
            count = i + j
    return time.perf_counter() - start, os.getpid()


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 6000  # Some seconds.
    start = time.perf_counter()
    pool = mp.Pool(mp.cpu_count())
    times, ids = zip(*pool.map(multiprocessing_with_busy_wait, [n] * mp.cpu_count()))
    pool.close()
    pool.join()
    print("Done")
    others = len(set(ids) - {os.getpid()})
    print(f"{mp.cpu_count()} pieces of work in {others} other process(es)")
    print(f"Time for the longest piece: {max(times):.4f} second(s)")
    print(f"Total time taken: {time.perf_counter() - start:.4f} second(s)")
