"""Wrong: the two threads lock the accounts in opposite orders."""

import threading
import time

locks = [threading.Lock(), threading.Lock()]


def transfer(source, target):
    with locks[source]:
        time.sleep(0)  # Lets other threads run.
        if locks[target].acquire(timeout=0.1):
            locks[target].release()
            print("transferred\n", end="", flush=True)
        else:
            print("stuck\n", end="", flush=True)


threads = [threading.Thread(target=transfer, args=pair) for pair in [(0, 1), (1, 0)]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
