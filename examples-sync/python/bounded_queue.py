"""A bounded queue has a limited size: when it is full, the producer waits for the consumer."""

import queue
import threading


def producer(q, full):
    for part in range(1, 5):
        try:
            q.put_nowait(part)
        except queue.Full:
            print(f"Producer: the queue is full, part {part} has to wait", flush=True)
            full.put(True)
            q.put(part)
        print(f"Producer: part {part} is in the queue", flush=True)
    full.put(None)  # No more reports will come.


q = queue.Queue(maxsize=2)
full = queue.Queue()
threading.Thread(target=producer, args=(q, full)).start()

received = []
while full.get() is not None:
    # Printed before `get`. Afterwards the producer's next line could come first.
    print("Consumer: I take a part", flush=True)
    received.append(q.get())
while not q.empty():
    received.append(q.get())
print(f"Consumer: I have received {received}")
