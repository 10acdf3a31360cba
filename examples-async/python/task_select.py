"""`wait` returns when one of several tasks is done, and what you cancel then is lost half done."""

import asyncio


async def select(*coroutines):
    """Returns the results of those that are done first. Cancels the others, as `select!` does."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return [task.result() for task in tasks if task in done]


async def receive(inbox):
    # Cancelling `get` loses nothing: the message stays in the queue.
    return f"received {await inbox.get()}"


async def receive_pair(inbox):
    first = await inbox.get()
    print(f"receive_pair: took {first}")
    second = await inbox.get()
    return f"received {first} and {second}"


async def interrupted(interrupt):
    await interrupt.wait()
    interrupt.clear()
    return "interrupted"


async def main():
    inbox, interrupt = asyncio.Queue(maxsize=3), asyncio.Event()

    print("***select! drops recv:")
    for message in (1, 2, 3):
        await inbox.put(message)
    interrupt.set()
    while not inbox.empty():
        print(*await select(receive(inbox), interrupted(interrupt)), sep="\n")

    print("***select! drops receive_pair:")
    await inbox.put(4)
    interrupt.set()
    print(*await select(receive_pair(inbox), interrupted(interrupt)), sep="\n")
    await inbox.put(5)
    await inbox.put(6)
    print(*await select(receive_pair(inbox), interrupted(interrupt)), sep="\n")


asyncio.run(main())
