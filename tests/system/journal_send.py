#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes numbered firewall lines into the systemd journal by its own protocol; waits while journald is away."""

import socket
import sys
import time

SOCKET = "/run/systemd/journal/socket"


def line(source, port):
    return (
        f"DROP IN=eth0 OUT= SRC={source} DST=203.0.113.5 LEN=60 TOS=0x00 PREC=0x00 TTL=54 "
        f"ID={port * 7 & 65535} DF PROTO=TCP SPT={40000 + port % 200} DPT={port} WINDOW=64240 "
        "RES=0x00 SYN URGP=0"
    )


def send(data):
    end = time.monotonic() + 30
    while True:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                s.connect(SOCKET)
                s.send(data)
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def main():
    identifier, source, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    pause = float(sys.argv[5]) if len(sys.argv) > 5 else 0
    for port in range(first, last + 1):
        fields = {"SYSLOG_IDENTIFIER": identifier, "PRIORITY": "4", "MESSAGE": line(source, port)}
        send("".join(f"{key}={value}\n" for key, value in fields.items()).encode())
        time.sleep(pause)


main()
