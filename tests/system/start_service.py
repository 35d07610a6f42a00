#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""start_service SOCKET NOTES COMMAND... - starts COMMAND as a service manager does.

The listening socket SOCKET (SOCK_SEQPACKET) is its descriptor 3, "-" = none. What it says over
NOTIFY_SOCKET is written to NOTES, a line each. Ends as the command ends; SIGTERM, SIGHUP and SIGUSR1 go on to it.
"""
import os
import select
import signal
import socket
import subprocess
import sys

path, notes, *command = sys.argv[1:]
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(notes + ".sock")
os.chmod(notes + ".sock", 0o666)
listener = None
if path != "-":
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(4)


def hand_over():
    if listener:
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
    os.environ["WATCHDOG_PID"] = str(os.getpid())


env = dict(os.environ, NOTIFY_SOCKET=notes + ".sock", WATCHDOG_USEC="1000000")
child = subprocess.Popen(command, env=env, preexec_fn=hand_over, close_fds=False)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
    signal.signal(number, lambda n, _: child.send_signal(n))
with open(notes, "w", buffering=1) as out:
    out.write(f"pid {child.pid}\n")
    while child.poll() is None:
        if select.select([notify], [], [], 0.1)[0]:
            out.write(notify.recv(4096).decode().replace("\n", " ") + "\n")
    while select.select([notify], [], [], 0)[0]:
        out.write(notify.recv(4096).decode().replace("\n", " ") + "\n")
sys.exit(child.returncode if child.returncode >= 0 else 128 - child.returncode)
