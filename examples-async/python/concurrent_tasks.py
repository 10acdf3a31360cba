"""Three tasks that only wait can wait at the same time on one thread, so the total is one wait."""

import asyncio
import sys
import time


async def concurrent_tasks(timeout):
    print(f"Starting concurrent_tasks with timeout = {timeout:g} seconds")
    start = time.perf_counter()
    await asyncio.sleep(timeout)
    print(f"Ended concurrent_tasks after {time.perf_counter() - start} seconds")


async def main():
    timeout = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    start = time.perf_counter()
    tasks = [asyncio.create_task(concurrent_tasks(timeout)) for _ in range(3)]
    for task in tasks:
        await task
    print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")


asyncio.run(main())
