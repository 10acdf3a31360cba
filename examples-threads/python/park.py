"""A thread that parks waits for an unpark, and an unpark that comes before it is not lost.

Python has no `park`. The nearest is an event for each thread.
"""

import time
from threading import Event, Thread

token = Event()  # The token of the main thread.
ready = False


def park():
    token.wait()
    token.clear()


def get_ready():
    global ready
    # Simulates work. The main thread uses no core in the meantime.
    time.sleep(0.05)
    print("Thread 2 is ready, and unparks main", flush=True)
    # The flag comes first: otherwise main could look at it, park again, and wait forever.
    ready = True
    token.set()


t = Thread(target=token.set)
t.start()
t.join()
print("Thread 1 has unparked main, which has not parked yet", flush=True)

parks = 0
while not ready:
    if parks == 1:
        print("main has returned from its first park, but nothing is ready", flush=True)
        Thread(target=get_ready).start()
    park()
    parks += 1
print(f"main has found the flag set after {parks} park(s)")
