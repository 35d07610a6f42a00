#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""How late a watch told its incidents, by a capture of the same traffic: whole milliseconds, the worst.

usage: lateness.py WATCH.out CAPTURE.pcap

WATCH.out holds JSON lines with the time of their arrival before them (stamp_lines). The packet that
decided a telling is the one of the capture nearest to the telling's timestamp; if there is none
within 20 ms, the timestamp is of no packet, and that is said instead of a number.
"""
import bisect
import datetime
import json
import struct
import sys


def packet_times(path):
	times = []
	with open(path, "rb") as capture:
		magic = struct.unpack("<I", capture.read(24)[:4])[0]
		assert magic == 0xA1B2C3D4, "a little-endian microsecond capture"
		while len(head := capture.read(16)) == 16:
			seconds, micros, length, _ = struct.unpack("<IIII", head)
			times.append(seconds + micros / 1e6)
			capture.seek(length, 1)
	return sorted(times)


times = packet_times(sys.argv[2])
worst, tellings = 0.0, 0
for line in open(sys.argv[1], encoding="ascii"):
	arrived, text = line.split(" ", 1)
	told = json.loads(text)
	if told["event_type"] != "incident" or told["incident"]["level"] == 0:
		continue
	if told["incident"]["state"] == "close":
		continue
	stamp = datetime.datetime.fromisoformat(told["timestamp"].replace("Z", "+00:00")).timestamp()
	place = bisect.bisect(times, stamp)
	near = [t for t in times[max(0, place - 1) : place + 1] if abs(t - stamp) < 0.02]
	if not near:
		print("no packet at", told["timestamp"])
		sys.exit()
	tellings += 1
	worst = max(worst, float(arrived) - min(near))
print(round(worst * 1000) if tellings else "nothing told")
