"""A coroutine is an object with a state, and each `send` runs it to its next pause or its end."""


class ByHand:
    """Does by hand what Python does for an `async def`."""

    def __init__(self):
        self.state = "created"

    def send(self, value):
        if self.state == "created":
            print("coroutine: starts")
            self.state, self.x = "paused", 40
            return None
        if self.state == "paused":
            print(f"coroutine: goes on with x = {self.x}")
            self.state = "ended"
            raise StopIteration(self.x + 2)
        raise RuntimeError("cannot reuse already awaited coroutine")


class Pause:
    def __await__(self):
        yield


async def by_python():
    print("coroutine: starts")
    x = 40
    await Pause()
    print(f"coroutine: goes on with x = {x}")
    return x + 2


def poll_to_the_end(coroutine):
    print("main: created, and nothing of it has run")
    try:
        while True:
            coroutine.send(None)
            print("main: the poll returned Pending")
    except StopIteration as end:
        print(f"main: the poll returned Ready({end.value})")


# The headings and the words `Pending` and `Ready` are those of Rust.
print("***A Future written by hand:")
poll_to_the_end(ByHand())
print("***The same as an async fn:")
poll_to_the_end(by_python())
