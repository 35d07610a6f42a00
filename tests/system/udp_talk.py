#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Questions over UDP from ever new sockets, and a server that answers at once and again later.

usage: udp_talk.py answer ADDRESS PORT DELAY     (answers each question now and after DELAY seconds)
       udp_talk.py ask ADDRESS PORT COUNT WAIT   (COUNT questions; WAIT seconds for the first answer, then closes)
"""
import heapq
import socket
import sys
import time


def answer(address, port, delay):
	server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	server.bind((address, port))
	later = []
	while True:
		server.settimeout(max(0.001, later[0][0] - time.monotonic()) if later else None)
		try:
			question, who = server.recvfrom(512)
			server.sendto(question, who)
			heapq.heappush(later, (time.monotonic() + delay, who, question))
		except (TimeoutError, ConnectionError):
			pass
		while later and later[0][0] <= time.monotonic():
			_, who, question = heapq.heappop(later)
			server.sendto(question, who)


def ask(address, port, count, wait):
	answered = 0
	for number in range(count):
		with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
			if number % 2:
				client.connect((address, port))
				client.send(b"where is %03d?" % number)
			else:
				client.sendto(b"where is %03d?" % number, (address, port))
			client.settimeout(wait)
			try:
				client.recv(512)
				answered += 1
			except (TimeoutError, BlockingIOError):
				pass
	print(answered)


if sys.argv[1] == "answer":
	answer(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
else:
	ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
