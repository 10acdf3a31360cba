"""A thread-local variable has one name and a separate value for each thread."""

import random
import threading

tls = threading.local()
both_have_written = threading.Barrier(2)


def thread_function(value):
    tls.value = value
    both_have_written.wait()
    display_tls_value()
    tls.value = random.randint(100, 999)
    display_tls_value()


def display_tls_value():
    id = f"ThreadId({threading.get_native_id()})"
    print(f"id: {id}, tls: {tls.value}\n", end="", flush=True)


threads = [threading.Thread(target=thread_function, args=(value,)) for value in (42, 43)]
for t in threads:
    t.start()
for t in threads:
    t.join()
