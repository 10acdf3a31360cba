"""When the time is up, `wait_for` cancels what it waits for, unless a `shield` protects a task."""

import asyncio


async def work(name, answer):
    try:
        print(f"{name}: waits for the answer")
        print(f"{name}: the answer is {await answer}")
    finally:
        print(f"{name}: cleans up")


def send_answer(answer):
    # A future is cancelled together with the task that waits for it.
    if answer.cancelled():
        print("main: nothing waits for the answer any more")
    else:
        answer.set_result(42)
        print("main: sent the answer")


async def main():
    loop = asyncio.get_running_loop()

    print("***The limit for a future:")
    answer = loop.create_future()
    try:
        await asyncio.wait_for(work("future", answer), 0.05)
    except asyncio.TimeoutError:
        print("main: the time is up")
    send_answer(answer)

    print("***The limit for a task:")
    answer = loop.create_future()
    task = asyncio.create_task(work("task", answer))
    try:
        await asyncio.wait_for(asyncio.shield(task), 0.05)
    except asyncio.TimeoutError:
        print("main: the time is up")
    send_answer(answer)
    await task


asyncio.run(main())
