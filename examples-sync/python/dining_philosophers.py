"""Dining philosophers need two forks each: if all take them in one order, no deadlock happens."""

import random
import time
from threading import Lock, Thread

# Fork n lies between the philosophers n - 1 and n.
forks = [Lock() for _ in range(5)]
uses = [0] * 5
row_lock = Lock()
row = ["."] * 5


def dine(seat):
    left, right = seat, (seat + 1) % 5
    first, second = min(left, right), max(left, right)
    for meal in (1, 2):
        with forks[first], forks[second]:
            begin_to_eat(seat, meal)
            time.sleep(random.randint(1, 5) / 1000)  # Simulates eating.
            uses[first] += 1
            uses[second] += 1
            with row_lock:
                row[seat] = "."
        time.sleep(random.randint(1, 10) / 1000)  # Simulates thinking.


def begin_to_eat(seat, meal):
    with row_lock:
        row[seat] = "E"
        print(f"{''.join(row)} philosopher {seat} eats meal {meal}", flush=True)


threads = [Thread(target=dine, args=(seat,)) for seat in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(f"All have eaten, uses of the forks: {uses}")
