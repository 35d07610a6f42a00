#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Calls a service that libwrap guards, as its client does, and says in a word whether it was let in.

usage: call_wrapped.py FROM TO PORT KIND    KIND: hears, speaks, tls, mqtt, rpc, tftp
Prints "granted" with the first line or bytes of the answer, or "refused" with how it was refused. A service that
does not say a word within 8 s is "silent".
"""
import socket
import ssl
import struct
import sys

source, target, port, kind = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
FAMILY = socket.AF_INET6 if ":" in target else socket.AF_INET

MQTT_CONNECT = bytes.fromhex("100e00044d5154540402003c0002") + b"kw"
# Program 100000, version 2, procedure 4 (dump), no credentials; behind a record mark.
RPC_DUMP = struct.pack(">10I", 7, 0, 2, 100000, 2, 4, 0, 0, 0, 0)


def call_tcp(asked):
	with socket.socket(FAMILY, socket.SOCK_STREAM) as s:
		s.settimeout(8)
		s.bind((source, 0))
		s.connect((target, port))
		if kind == "tls":
			context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
			context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
			with context.wrap_socket(s) as t:
				return t.recv(200)
		if asked:
			s.sendall(asked)
		return s.recv(200)


def call_tftp():
	with socket.socket(FAMILY, socket.SOCK_DGRAM) as s:
		s.settimeout(2)
		s.bind((source, 0))
		s.sendto(b"\0\1greeting\0octet\0", (target, port))
		try:
			return s.recvfrom(600)[0][4:]
		except socket.timeout:
			return b""


def judge(answer):
	if kind == "rpc":
		return len(answer) > 28 and answer[12:16] == b"\0\0\0\0"  # MSG_ACCEPTED
	if kind == "hears" and answer.startswith(b"421"):
		return False
	return bool(answer)


def words(answer):
	if kind == "rpc":
		return ""
	if kind == "mqtt":
		return " " + answer.hex()
	return " " + answer.split(b"\n")[0].decode("ascii", "backslashreplace").strip()


asked = {"mqtt": MQTT_CONNECT, "rpc": struct.pack(">I", 0x80000000 | len(RPC_DUMP)) + RPC_DUMP, "speaks": b"hello\n"}.get(kind)
try:
	answer = call_tftp() if kind == "tftp" else call_tcp(asked)
except socket.timeout:
	print("silent")
except (ConnectionError, ssl.SSLError):
	print("refused")
else:
	print(("granted" if judge(answer) else "refused") + (words(answer) if answer else ""))
