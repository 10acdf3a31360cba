"""Wrong: a thread computes the new total from an old one, while another thread does the same."""

import threading

total = 0


def add(number):
    return sum([total, number])


def work():
    global total
    for _ in range(15_000):
        total = add(1)


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"The total is {total}")
