"""Wrong: the first producer's sentinel ends the consumer, and the second may still have boxes."""

import queue
import threading

boxes = queue.Queue()


def produce(weight, number):
    for _ in range(number):
        boxes.put(weight)


def consume():
    total = 0
    while (weight := boxes.get()) is not None:
        total += weight
    print(f"The boxes weigh {total} kg")


consumer = threading.Thread(target=consume)
first = threading.Thread(target=produce, args=(1, 20))
second = threading.Thread(target=produce, args=(3, 4000))
for thread in (first, second, consumer):
    thread.start()
first.join()
boxes.put(None)
second.join()
consumer.join()
