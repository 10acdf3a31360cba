"""Tasks take turns only at points where a task pauses; no task interrupts another."""

import asyncio


async def polite(name):
    for step in (1, 2, 3):
        print(f"{name}: step {step} of 3")
        await asyncio.sleep(0)  # Gives way: the task goes to the end of the event loop's queue.


async def greedy(name):
    for step in (1, 2, 3):
        print(f"{name}: step {step} of 3")


async def main():
    print("***Three tasks that give way after each step:")
    await asyncio.gather(polite("A"), polite("B"), polite("C"))

    print("***The same, but B never gives way:")
    await asyncio.gather(polite("A"), greedy("B"), polite("C"))


asyncio.run(main())
