"""A message between processes is pickled, because the two processes share no memory."""

import multiprocessing
import os


class QueueMessageObject:
    def __init__(self, value):
        self.value = value
        self.sender = os.getpid()

    def display(self):
        print(self.value)


def worker_process(queue):
    queue.put(QueueMessageObject("This is a message sent from worker_process."))
    # Nothing more will be put, so wait until the message has been written to the pipe.
    queue.close()
    queue.join_thread()


if __name__ == "__main__":
    queue = multiprocessing.Queue()
    p = multiprocessing.Process(target=worker_process, args=(queue,))
    p.start()
    message = queue.get()
    message.display()
    by_another = message.sender != os.getpid()
    print(f"Sent by another process: {str(by_another).lower()}")
    p.join()
