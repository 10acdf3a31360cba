"""A bounded queue makes producers wait while it is full, and a sentinel ends the consumer."""

import asyncio


async def consume(q):
    while (n := await q.get()) is not None:
        print(f"consumer: received {n}")
    print("consumer: the channel is closed")


async def main():
    q = asyncio.Queue(maxsize=2)
    for n in (1, 2):
        await q.put(n)
        print(f"main: sent {n}")
    # `put_nowait` does not wait. `put` would wait forever, because there is no consumer yet.
    try:
        q.put_nowait(3)
    except asyncio.QueueFull:
        print("main: no room for 3")

    consumer = asyncio.create_task(consume(q))
    for n in (3, 4, 5):
        await q.put(n)
        print(f"main: sent {n}")
    print("main: drops the sender")
    await q.put(None)  # Since Python 3.13 also: q.shutdown()
    await consumer


asyncio.run(main())
