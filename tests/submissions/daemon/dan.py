import threading
import time


class Worker(threading.Thread):
    def __init__(self, name, seconds):
        super().__init__(name=name)
        self.seconds = seconds
        self.started = threading.Event()

    def run(self):
        print(f"Starting {self.name}\n", end="", flush=True)
        self.started.set()
        time.sleep(self.seconds)
        print(f"Exiting {self.name}\n", end="", flush=True)


start = time.perf_counter()
daemon = Worker("daemon", 2)
daemon.start()
daemon.started.wait()
non_daemon = Worker("non_daemon", 1)
non_daemon.start()
non_daemon.join()
print(f"Total time taken: {time.perf_counter() - start:.2f} second(s)", flush=True)
