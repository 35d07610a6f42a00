#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The stories in a file of knockwatch's JSON lines, a line each, sorted: what was told last counts.

usage: stories.py FILE [--all] [--source ADDRESS] [--fields NAME,...]

Stories of level 0 only with --all. Fields: who (the source, or group:A+B of a group), and every field
of the head or of the incident; default who,kind,level,techniques. Fails on a line that is no JSON.
"""
import argparse
import json


def who(head, incident):
	if "src_ip" in head:
		return head["src_ip"]
	members = incident.get("sources", [])
	return "group:" + "+".join(sorted(members))


def field(name, head, incident):
	value = who(head, incident) if name == "who" else incident.get(name, head.get(name))
	if isinstance(value, list):
		return ",".join(str(v) for v in value) or "-"
	return "-" if value is None else str(value)


def main():
	parser = argparse.ArgumentParser()
	parser.add_argument("file")
	parser.add_argument("--all", action="store_true")
	parser.add_argument("--source")
	parser.add_argument("--fields", default="who,kind,level,techniques")
	options = parser.parse_args()
	last = {}
	with open(options.file, encoding="ascii") as lines:
		for line in lines:
			head = json.loads(line)
			if head["event_type"] == "incident":
				last[head["incident"]["id"]] = head
	rows = []
	for head in last.values():
		incident = head["incident"]
		if incident["level"] == 0 and not options.all:
			continue
		if "into" in incident:
			continue
		if options.source and who(head, incident) != options.source:
			continue
		rows.append(" ".join(field(n, head, incident) for n in options.fields.split(",")))
	for row in sorted(rows):
		print(row)


main()
