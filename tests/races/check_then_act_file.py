"""Wrong: two threads may both find that the file is not there yet, and both write it."""

import os
import tempfile
import threading

path = os.path.join(tempfile.mkdtemp(), "report")
written = []


def write(name):
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.write(name)
        written.append(name)


threads = [threading.Thread(target=write, args=(name,)) for name in ("Ann", "Ben")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
os.remove(path)
os.rmdir(os.path.dirname(path))
print(f"{len(written)} of 2 has written the report")
