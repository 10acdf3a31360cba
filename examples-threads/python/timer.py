"""A timer waits and then calls a function, unless another thread cancels it during the wait."""

import time
from threading import Timer


def fired(interval):
    say(f"Timer of {interval} seconds fired after {time.perf_counter() - start} seconds")


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


say("Starting a timer of 0.2 seconds and one of 60 seconds")
start = time.perf_counter()
short = Timer(0.2, fired, args=(0.2,))
long = Timer(60, fired, args=(60,))
short.start()
long.start()

# A timer waits for an event with a time limit, so its thread can be woken up.
long.cancel()
long.join()
say(f"Timer of 60 seconds cancelled after {time.perf_counter() - start} seconds")
say("The timer of 60 seconds has ended")
short.join()
say(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
