"""An actor is a task that owns its state; other tasks send it messages and wait for its replies."""

import asyncio


async def run_account(balance, inbox):
    while (request := await inbox.get()) is not None:
        amount, reply = request
        if enough := balance >= amount:
            balance -= amount
        reply.set_result((enough, balance))
    return balance


async def withdraw(customer, account):
    reply = asyncio.get_running_loop().create_future()
    await account.put((30, reply))
    enough, balance = await reply
    if enough:
        print(f"customer {customer}: got 30, and {balance} are left")
    else:
        print(f"customer {customer}: got nothing, because only {balance} are left")


async def main():
    account = asyncio.Queue(maxsize=8)
    actor = asyncio.create_task(run_account(100, account))
    await asyncio.gather(*(withdraw(customer, account) for customer in range(1, 6)))
    await account.put(None)  # No more requests will come.
    print(f"main: the account was closed with {await actor}")


asyncio.run(main())
