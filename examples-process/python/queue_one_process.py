"""A queue delivers its items in the order in which they were sent, even within one process."""

import multiprocessing

queue = multiprocessing.Queue()
for item in (1, 2, 3):
    queue.put(item)
for _ in range(3):
    print(queue.get())
# After this `get` would raise a ValueError, so it comes last.
queue.close()
