"""How many processes of one program can really run at the same time."""

import multiprocessing

print("Number of processors: ", multiprocessing.cpu_count())
