#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Offers a TCP port: accepts and hangs up. With "::" both families.

usage: serve.py ADDRESS PORT
"""
import socket
import sys

address, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
with socket.create_server((address, port), family=family, backlog=128, dualstack_ipv6=address == "::") as server:
	while True:
		try:
			server.accept()[0].close()
		except ConnectionError:
			pass
