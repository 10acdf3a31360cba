"""Three cooks at the same time: every thread is started before the first one is joined."""

import threading
import time


def cook(n):
    print(f"cook {n} starts\n", end="", flush=True)
    time.sleep(n / 10)
    print(f"cook {n} is ready\n", end="", flush=True)


start = time.monotonic()
print("The kitchen opens")
cooks = [threading.Thread(target=cook, args=(n,)) for n in (1, 2, 3)]
for thread in cooks:
    thread.start()
for thread in cooks:
    thread.join()
print(f"Served after {time.monotonic() - start:.2f} seconds")
