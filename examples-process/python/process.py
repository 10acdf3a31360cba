"""A process is a running program: the new one runs a function of this program."""

import os
import sys
import time
from multiprocessing import Process


def say_hello(name):
    print(f"hello {name}", flush=True)
    time.sleep(0.01)  # Simulates work.
    print(f"process {os.getpid()} has said hello", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        say_hello(sys.argv[1])
    else:
        p = Process(target=say_hello, args=("Sally",))
        p.start()
        p.join()
        print(f"process {os.getpid()} has waited for process {p.pid}")
