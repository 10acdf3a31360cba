"""Wrong: only the last thread is joined, so the others may still be running."""

import threading

counts = []


def count(text):
    counts.append(sum(ord(letter) for letter in text))


threads = [threading.Thread(target=count, args=("concurrent" * n,)) for n in (8000, 3000)]
for thread in threads:
    thread.start()
thread.join()
print(f"{len(counts)} texts are counted")
