"""All tasks of asyncio run on one thread, so they may share data without a lock."""

import asyncio
import threading


def thread_id():
    return f"ThreadId({threading.get_native_id()})"


async def visit(name, guests, everyone):
    guests.append(name)
    await everyone.wait()
    print(f"{name} on {thread_id()} sees {len(guests)} guests")


async def main():
    print(f"main runs on {thread_id()}")
    guests = []
    everyone = asyncio.Barrier(3)
    tasks = [
        asyncio.create_task(visit(name, guests, everyone)) for name in ("Eve", "Ann", "Bob")
    ]
    for task in tasks:
        await task
    print(f"main: {', '.join(sorted(guests))} were here")


asyncio.run(main())
