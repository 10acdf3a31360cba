"""A graceful shutdown refuses new requests, but finishes the ones that were sent before."""

import asyncio

requests = asyncio.Queue(maxsize=1)
shutdown, closed, finish = asyncio.Event(), asyncio.Event(), asyncio.Event()


async def send(name):
    """Since Python 3.13 `put` itself raises an error after `requests.shutdown()`."""
    if closed.is_set():
        return "refused"
    await requests.put(name)
    return "accepted"


async def serve():
    handlers = []
    stop = asyncio.create_task(shutdown.wait())
    while not stop.done():
        get = asyncio.create_task(requests.get())
        await asyncio.wait([stop, get], return_when=asyncio.FIRST_COMPLETED)
        if get.done():
            handlers.append(asyncio.create_task(handle(get.result())))
        else:
            get.cancel()
    print("server: accepts no new requests")
    closed.set()
    while not requests.empty():  # What was sent before is still in the queue.
        handlers.append(asyncio.create_task(handle(requests.get_nowait())))
    await asyncio.gather(*handlers)
    print(f"server: the last {len(handlers)} requests are done")


async def handle(name):
    print(f"server: {name} starts")
    await finish.wait()
    print(f"server: {name} is done")


async def main():
    server = asyncio.create_task(serve())
    await send("A")
    await send("B")
    print("main: asks the server to stop")
    shutdown.set()

    await closed.wait()
    print(f"main: C is {await send('C')}")
    finish.set()
    await server
    print("main: the server has stopped")


asyncio.run(main())
