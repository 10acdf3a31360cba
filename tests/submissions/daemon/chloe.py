import threading
import time


def say(line):
    print(f"{line}\n", end="", flush=True)


def work(name, seconds, started):
    say(f"Starting {name}")
    started.set()
    time.sleep(seconds)
    say(f"Exiting {name}")


start = time.perf_counter()
started = threading.Event()
threading.Thread(target=work, args=("daemon", 2, started), daemon=True).start()
started.wait()
worker = threading.Thread(target=work, args=("non_daemon", 1, threading.Event()))
worker.start()
worker.join()
say(f"Total time taken: {time.perf_counter() - start:.2f} second(s)")
