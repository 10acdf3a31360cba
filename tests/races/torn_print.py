"""Wrong: `print` writes the text and the end of the line one after the other."""

import sys
import threading

sys.stdout.reconfigure(write_through=True)


def work(name):
    for n in range(5):
        print(f"{name} {n}", flush=True)


threads = [threading.Thread(target=work, args=(name,)) for name in ("Ann", "Ben")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
