"""Start as many tasks as there is work, and let a semaphore limit how many work at a time."""

import asyncio

running = most = 0


async def download(semaphore, all_started):
    global running, most
    async with semaphore:
        running += 1
        most = max(most, running)
        # Simulates the download, which lasts until all permits are in use. So the limit is reached.
        await all_started.wait()
        running -= 1


async def main():
    global most
    for limit in (1, 10, 100):
        most = 0
        semaphore, all_started = asyncio.Semaphore(limit), asyncio.Barrier(limit)
        tasks = [asyncio.create_task(download(semaphore, all_started)) for _ in range(1000)]
        done = len(await asyncio.gather(*tasks))
        print(f"limit {limit}: {done} downloads, at most {most} at the same time")


asyncio.run(main())
