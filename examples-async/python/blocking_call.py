"""A blocking call stops every task of its thread; `to_thread` moves it to another thread."""

import asyncio
import sys
import time


def blocking_call(timeout):
    say(f"Starting blocking_call with timeout = {timeout:g} seconds")
    start = time.perf_counter()
    time.sleep(timeout)
    say(f"Ended blocking_call after {time.perf_counter() - start} seconds")


async def call_directly(timeout):
    blocking_call(timeout)


def say(line):
    """Prints a line in one piece. `print(line)` writes the end of the line separately."""
    print(f"{line}\n", end="", flush=True)


async def main():
    timeout = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    say("***Blocking the thread of the tasks:")
    start = time.perf_counter()
    await asyncio.gather(*(call_directly(timeout) for _ in range(3)))
    say(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")

    say("***Blocking other threads, with spawn_blocking:")  # In Python it is `to_thread`.
    start = time.perf_counter()
    await asyncio.gather(*(asyncio.to_thread(blocking_call, timeout) for _ in range(3)))
    say(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")


asyncio.run(main())
