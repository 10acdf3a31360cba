"""Wrong: the logger is a daemon that is not joined, so it may be cut off between two lines."""

import threading


def log():
    for n in range(3):
        print(f"step {n} begins\n", end="", flush=True)
        print(f"step {n} ends\n", end="", flush=True)


threading.Thread(target=log, daemon=True).start()
print("The result is", sum(range(1_000)))
