"""A program can talk to a child through two pipes: its standard input and its standard output."""

import os
import subprocess
import sys


def talk_to_child():
    command = [sys.executable, __file__, "child"]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    numbers = "".join(f"{n}\n" for n in range(1, 50_001))
    # Writes and reads at the same time, because the numbers do not fit into the pipe.
    output, _ = child.communicate(numbers)
    *answers, last_line = output.splitlines()
    print(f"{len(answers)} answers, from {answers[0]} to {answers[-1]}")
    print(last_line)
    print(f"Process {child.pid} has ended with success: {str(child.returncode == 0).lower()}")


def answer_numbers():
    for line in sys.stdin:
        print(int(line) ** 2)
    print(f"Process {os.getpid()} has reached the end of its input")


if sys.argv[1:] == ["child"]:
    answer_numbers()
else:
    talk_to_child()
