"""Two threads with three steps each can interleave in 20 ways, and 18 of them lose an update."""

from itertools import permutations

THREADS = "AB"


def load(state, thread):
    state[thread] = state["counter"]


def add(state, thread):
    state[thread] += 1


def store(state, thread):
    state["counter"] = state[thread]


def fetch_add(state, thread):
    state["counter"] += 1


def try_all(name, steps):
    # A set, because `permutations` treats equal letters as different ones.
    interleavings = sorted(set(permutations(THREADS * len(steps))))
    losing = 0
    for order in interleavings:
        counter = run(order, steps)
        print(f"{''.join(order)}: counter = {counter}")
        losing += counter < len(THREADS)
    print(f"{name}: {losing} of {len(interleavings)} interleavings lose an update")


def run(order, steps):
    """Lets the threads make their steps in this order, and returns the counter."""
    state = {"counter": 0}  # Each thread also has a register, under its own name.
    next_steps = {thread: iter(steps) for thread in THREADS}
    for thread in order:
        next(next_steps[thread])(state, thread)
    return state["counter"]


try_all("load, add, store", [load, add, store])
try_all("fetch_add", [fetch_add])
