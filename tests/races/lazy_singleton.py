"""Wrong: two threads may both see that there is no table yet, and both load one."""

import threading


class Table:
    the_only = None
    loads = 0

    def __init__(self):
        Table.loads += 1
        with open(__file__) as file:
            self.rows = file.readlines()


def table():
    if Table.the_only is None:
        Table.the_only = Table()
    return Table.the_only


threads = [threading.Thread(target=table) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"The table is loaded {Table.loads} time(s)")
