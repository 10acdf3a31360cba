"""A program can kill a child that exceeds its time limit, which it cannot do with a thread."""

import subprocess
import sys
import time


def run_child(seconds, limit):
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, __file__, str(seconds)])
    try:
        child.wait(timeout=limit)
        end = "has ended"
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        end = "was killed"
    waited = time.perf_counter() - start
    success = str(child.returncode == 0).lower()
    print(f"The child for {seconds} seconds {end} after {waited:.2f} seconds, success: {success}")


if len(sys.argv) > 1:  # This is the child.
    time.sleep(int(sys.argv[1]))  # Simulates work.
    print(f"Work of {sys.argv[1]} seconds is done")
else:
    run_child(0, 5)
    run_child(60, 0.2)
