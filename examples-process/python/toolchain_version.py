"""A program can run a command, wait until it has ended, and read what it printed."""

import subprocess

output = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True)
print(output.stdout, end="")
