#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Knocks as an ordinary program does: connect() to each port, once, without waiting for long.

usage: knock.py FROM TO PORT...    succeeds if the last port answered at all (open or refused)
"""
import socket
import sys


def knock(source, target, port):
	family = socket.AF_INET6 if ":" in target else socket.AF_INET
	with socket.socket(family, socket.SOCK_STREAM) as s:
		s.settimeout(0.5)
		s.bind((source, 0))
		try:
			s.connect((target, port))
		except ConnectionRefusedError:
			return True
		except OSError:
			return False
		return True


answered = False
for text in sys.argv[3:]:
	answered = knock(sys.argv[1], sys.argv[2], int(text))
sys.exit(0 if answered else 1)
