#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A finger service that is not friendly. What it does follows from the user that is asked for:

  endless   text without an end           slow      a byte a second, without an end
  binary    every byte there is           long      one line of 1000 letters
  silent    nothing, and stays            close     closes at once
  bomb      endless and binary
  others    tells the question as it came

usage: finger_server.py ADDRESS LOG [USER]     (port 79; LOG gets each question)

Where USER is given, nobody in particular is as if that user were asked for.
"""
import socket
import sys
import threading
import time


def serve(s):
    asked = s.recv(1000)
    with open(sys.argv[2], "ab") as kept:
        kept.write(repr(asked).encode() + b"\n")
    user = asked.strip().removeprefix(b"/W").strip().decode("latin-1")
    if not user and len(sys.argv) > 3:
        user = sys.argv[3]
    try:
        if user == "endless":
            while True:
                s.sendall(b"all work and no play\r\n" * 100)
        elif user == "slow":
            while True:
                s.sendall(b".")
                time.sleep(1)
        elif user == "binary":
            s.sendall(bytes(range(256)))
        elif user == "bomb":  # endless, and every byte there is; "~!" and "." are a mailer's commands
            while True:
                s.sendall(b"\033[2J\033]0;owned\007~!touch /tmp/owned\r\n.\r\n" + bytes(range(256)))
        elif user == "long":
            s.sendall(b"x" * 1000 + b"\r\n")
        elif user == "silent":
            time.sleep(600)
        elif user != "close":
            s.sendall(b"asked " + asked)
    except OSError:
        pass
    s.close()


ear = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ear.bind((sys.argv[1], 79))
ear.listen(16)
while True:
    threading.Thread(target=serve, args=(ear.accept()[0],), daemon=True).start()
