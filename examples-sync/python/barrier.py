"""A barrier stops threads until all have arrived: phase 2 starts when all have ended phase 1."""

import threading
import time

barrier = threading.Barrier(3)


def worker(number):
    run_phase(1, number)
    barrier.wait()
    run_phase(2, number)


def run_phase(phase, worker):
    say(f"worker {worker} starts phase {phase}")
    # Simulates work. Worker 1 has the least, worker 3 has the most.
    time.sleep(0.03 * worker)
    say(f"worker {worker} ends phase {phase}")


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


threads = [threading.Thread(target=worker, args=(number,)) for number in (1, 2, 3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
say("All workers have ended phase 2")
