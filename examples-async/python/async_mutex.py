"""Only what has to stay locked across an `await` needs a lock, because tasks switch nowhere else.

The second part uses no lock where the lesson uses one of std, so the program has its own snapshot.
"""

import asyncio


async def ask(name, connection, lock):
    async with lock:
        connection["request"] = name
        print(f"{name} sends its request")
        await asyncio.sleep(0)  # Simulates the wait for the reply.
        # The other side replies to the last request of the connection.
        print(f"{name} receives the reply to {connection['request']}")


async def visit(name, both):
    global count
    count += 1  # No other task can run before the next `await`.
    print(f"{name} is visitor {count}")
    # Only two tasks together can pass the barrier, so both have to wait at the same time.
    await both.wait()
    print(f"{name} leaves")


async def main():
    print("***An asyncio.Lock, locked until the reply has arrived:")
    connection, lock = {}, asyncio.Lock()
    await asyncio.gather(*(ask(name, connection, lock) for name in "AB"))

    print("***No lock, because nothing is awaited during the update:")
    both = asyncio.Barrier(2)
    await asyncio.gather(*(visit(name, both) for name in "AB"))


count = 0
asyncio.run(main())
