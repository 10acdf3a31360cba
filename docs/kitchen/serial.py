"""Wrong: each cook is joined before the next one is started."""

import threading
import time


def cook(n):
    print(f"cook {n} starts\n", end="", flush=True)
    time.sleep(n / 10)
    print(f"cook {n} is ready\n", end="", flush=True)


start = time.monotonic()
print("The kitchen opens")
for n in (1, 2, 3):
    thread = threading.Thread(target=cook, args=(n,))
    thread.start()
    thread.join()
print(f"Served after {time.monotonic() - start:.2f} seconds")
