"""Wrong: the cooks share the variable `n`, and it is 3 by the time that they are ready."""

import threading
import time


def cook():
    print(f"cook {n} starts\n", end="", flush=True)
    time.sleep(n / 10)
    print(f"cook {n} is ready\n", end="", flush=True)


start = time.monotonic()
print("The kitchen opens")
cooks = []
for n in (1, 2, 3):
    cooks.append(threading.Thread(target=cook))
    cooks[-1].start()
    time.sleep(0.01)
for thread in cooks:
    thread.join()
print(f"Served after {time.monotonic() - start:.2f} seconds")
