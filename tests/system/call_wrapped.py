#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Calls services that libwrap guards, as their clients do, and says in a word whether it was let in.

usage: call_wrapped.py FROM TO [PORT KIND]...    KIND: hears, speaks, tls, mqtt, rpc, tftp
All at once. Prints for each, in their order, "granted" with the first line or bytes of the answer, or "refused" with how
it was refused. A service that does not say a word within 8 s is "silent".
"""
import socket
import ssl
import struct
import sys
from concurrent.futures import ThreadPoolExecutor

source, target = sys.argv[1:3]
FAMILY = socket.AF_INET6 if ":" in target else socket.AF_INET

MQTT_CONNECT = bytes.fromhex("100e00044d5154540402003c0002") + b"kw"
# Program 100000, version 2, procedure 4 (dump), no credentials; behind a record mark.
RPC_DUMP = struct.pack(">10I", 7, 0, 2, 100000, 2, 4, 0, 0, 0, 0)


ASKED = {"mqtt": MQTT_CONNECT, "rpc": struct.pack(">I", 0x80000000 | len(RPC_DUMP)) + RPC_DUMP, "speaks": b"hello\n"}


def call_tcp(port, kind):
	with socket.socket(FAMILY, socket.SOCK_STREAM) as s:
		s.settimeout(8)
		s.bind((source, 0))
		s.connect((target, port))
		if kind == "tls":
			context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
			context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
			with context.wrap_socket(s) as t:
				return t.recv(200)
		if kind in ASKED:
			s.sendall(ASKED[kind])
		return s.recv(200)


def call_tftp(port):
	with socket.socket(FAMILY, socket.SOCK_DGRAM) as s:
		s.settimeout(2)
		s.bind((source, 0))
		s.sendto(b"\0\1greeting\0octet\0", (target, port))
		try:
			return s.recvfrom(600)[0][4:]
		except socket.timeout:
			return b""


def judge(kind, answer):
	if kind == "rpc":
		return len(answer) > 28 and answer[12:16] == b"\0\0\0\0"  # MSG_ACCEPTED
	if kind == "hears" and answer.startswith(b"421"):
		return False
	return bool(answer)


def words(kind, answer):
	if kind == "rpc":
		return ""
	if kind == "mqtt":
		return " " + answer.hex()
	return " " + answer.split(b"\n")[0].decode("ascii", "backslashreplace").strip()


def call(port, kind):
	try:
		answer = call_tftp(port) if kind == "tftp" else call_tcp(port, kind)
	except socket.timeout:
		return "silent"
	except (ConnectionError, ssl.SSLError):
		return "refused"
	return ("granted" if judge(kind, answer) else "refused") + (words(kind, answer) if answer else "")


ports, kinds = [int(port) for port in sys.argv[3::2]], sys.argv[4::2]
with ThreadPoolExecutor(len(ports)) as threads:
	for said in threads.map(call, ports, kinds):
		print(said)
