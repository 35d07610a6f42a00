#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Judges `knockwatch read --json` by cases of which the truth is known: see README.md.

  run.py [--bin build/knockwatch] [--floors | --write-floors] [--keep DIR] [--verbose] [NAME...]

Prints each case that fails, what was told and what was wanted; then totals. NAME is a piece of cases' names.
With --floors it ends with 1 if there are fewer cases than floors.json says, or one fails that is no known fault there.
"""
import argparse
import concurrent.futures
import datetime
import ipaddress
import json
import os
import subprocess
import sys
import tempfile

import attacks
import floods
import harmless_clients
import harmless_echoes
import harmless_lan
import harmless_partial
import scans_many
import scans_nmap
import scans_tools
from book import VIEWS

PAGES = (attacks, scans_nmap, scans_tools, scans_many, harmless_echoes, harmless_clients, harmless_lan, harmless_partial, floods)
FLOORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "floors.json")


def read_incidents(binary, config, case, path):
	"""The last telling of every story; or the reason why there is none."""
	command = [binary, "read", "--json", "--quiet", "--config", config, "--year", "2024"] + (["--memory", case.memory] if case.memory else [])
	for prefix in case.homes():
		command += ["--home", prefix]
	run = subprocess.run(command + [path], capture_output=True, timeout=60, env=dict(os.environ, TZ="UTC"))
	if run.returncode not in (0, 6):
		return None, "ended with %d: %s" % (run.returncode, run.stderr.decode(errors="replace").strip()[-160:])
	last = {}
	for line in run.stdout.splitlines():
		event = json.loads(line)
		if event["event_type"] == "incident":
			body = dict(event["incident"], src_ip=event.get("src_ip"))
			if body["state"] == "open" and body["id"] in last:
				return list(last.values()), "two stories have one id"
			body["told"] = last.get(body["id"], {}).get("told", 0) + 1
			last[body["id"]] = body
	if run.returncode == 6:
		return list(last.values()), "some of the input was not understood"
	return list(last.values()), None


def brief(incidents):
	"""The stories in few words."""
	texts = []
	for one in sorted(incidents, key=lambda i: -i["level"])[:4]:
		who = one.get("src_ip") or "%d sources" % one.get("sources_count", 0)
		numbers = " of %d targets in %d packets" % (one["targets_count"], one["packets"]) if one["class"] == "scan" else ""
		texts.append("%d %s %s%s%s%s by %s" % (one["level"], one["kind"], "+".join(one.get("techniques", [])),
			" made with " + one["tool"] if "tool" in one else "", " slow" if one.get("slow") else "", numbers, who)
			+ (" open to it %s" % " ".join(one["answered"]) if "answered" in one else ""))
	more = len(incidents) - len(texts)
	return "; ".join(texts) + (" and %d more" % more if more > 0 else "") if texts else "nothing"


def names_of(source):
	"""How an address may be told: as it is, and of IPv6 as the beginning of its /64 or /48."""
	names = {str(ipaddress.ip_address(source))}
	if ":" in source:
		names |= {str(ipaddress.ip_network("%s/%d" % (source, bits), strict=False)[0]) for bits in (64, 48)}
	return names


def is_named(case, one):
	if case.kinds and one["kind"] not in case.kinds:
		return False
	if case.techniques and not set(one.get("techniques", ())) & set(case.techniques):
		return False
	if case.tool and one.get("tool") != case.tool:
		return False
	return all(one.get(field) == value for field, value in case.also.items())


def is_counted(one, targets):
	"""The numbers of a story fit each other and the truth; large ones are estimates."""
	told, margin = one["targets_count"], 1 + targets // 10
	return (abs(told - targets) <= margin and one["packets"] >= told - margin
		and max(one["ports_count"], one["hosts_count"]) <= told + margin)


def is_timed(one, span):
	"""The story begins and ends with what was done; stamps of logs know whole seconds."""
	first, last = (datetime.datetime.fromisoformat(one[key].replace("Z", "+00:00")).timestamp() for key in ("first", "last"))
	margin = 1 + (span[1] - span[0]) / 100
	return abs(first - span[0]) <= margin and abs(last - span[1]) <= margin


def is_brief(one):
	"""Told when it opens and when its level rises, each time once more when that burst is over; each day that it goes on;
	and when it ends."""
	first, last = (datetime.datetime.fromisoformat(one[key].replace("Z", "+00:00")) for key in ("first", "last"))
	return one["told"] <= 2 + 2 * max(1, one["level"]) + (last - first).days


def details(case, scene, mine):
	"""Whether one of the stories tells the numbers, the times and the open ports as they were."""
	scans = [one for one in mine if one["class"] == "scan"]
	if not case.counted or not scans:
		return {}
	def fits(told):
		"""Exact where our answers are seen; else what is concluded may be less, but not wrong."""
		return told == scene.answered() if not case.is_log and VIEWS[case.view][3] == "both" else told <= scene.offered_to_them()
	return {"counted": any(is_counted(one, len(scene.touched())) for one in scans),
		"timed": any(is_timed(one, scene.span()) for one in scans),
		"answered": any(fits(set(one.get("answered", ()))) for one in scans)}


def judge(case, scene, incidents):
	"""What is right and what is wrong of a case: a verdict for each point."""
	loud = [one for one in incidents if one["level"] >= 1]
	long = [one for one in incidents if not is_brief(one)]
	if case.cls in ("scan", "attack"):
		true = set()
		for source in scene.sources:
			true |= names_of(source)
		mine = [one for one in loud if one.get("src_ip") in true or true & set(one.get("sources", ()))]
		scans = [one for one in loud if one["class"] != "flood"]
		points = {"found": bool(mine), "named": any(is_named(case, one) for one in mine),
			"no storm": len(scans) <= min(case.stories, max(1, len(true))) and not long}
		return dict(points, **details(case, scene, mine))
	if case.cls == "flood":
		return {"quiet": not [one for one in loud if one["class"] == "scan"], "no storm": not long,
			"explained": not case.kinds or any(one["kind"] in case.kinds for one in incidents)}
	return {"quiet": not loud, "no storm": not long,
		"explained": not case.kinds or any(one["kind"] in case.kinds for one in incidents if one["level"] == 0)}


def wanted(case, scene):
	if case.cls in ("scan", "attack"):
		more = ["%s=%s" % pair for pair in case.also.items()] + ["of %d targets" % len(scene.touched())]
		more += ["open to it %s" % " ".join(sorted(scene.answered()))] if scene.answered() else []
		return " ".join(["/".join(case.kinds), "/".join(case.techniques), case.tool] + more).strip() or "a story"
	if case.cls == "flood":
		return "/".join(case.kinds) + ", no scan"
	return "level 0 " + "/".join(case.kinds)


def try_case(job):
	binary, config, folder, case = job
	path = os.path.join(folder, case.name.replace("/", "-") + (".log" if case.is_log else ".pcap"))
	try:
		scene = case.write(path)
		incidents, fault = read_incidents(binary, config, case, path)
	except Exception as error: # a case that breaks must not hide the others
		return case.name, {"run": False}, "%s: %s" % (type(error).__name__, error)
	if incidents is None:
		return case.name, {"run": False}, fault
	points = judge(case, scene, incidents)
	if fault:
		points["read"] = False
	bad = [point for point, good in points.items() if not good]
	return case.name, points, "not %s: told %s; wanted %s" % (", ".join(bad), brief(incidents), wanted(case, scene))


def all_cases(names):
	cases = [case for page in PAGES for case in page.cases()]
	seen = [case.name for case in cases]
	assert len(set(seen)) == len(seen), "two cases of one name: %s" % sorted(n for n in seen if seen.count(n) > 1)
	return [case for case in cases if not names or any(name in case.name for name in names)]


def main():
	parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
	parser.add_argument("--bin", default=os.environ.get("KNOCKWATCH", "build/knockwatch"))
	parser.add_argument("--floors", action="store_true")
	parser.add_argument("--write-floors", action="store_true", help="write what is measured now into floors.json")
	parser.add_argument("--keep", metavar="DIR", help="leave the captures and logs there")
	parser.add_argument("--verbose", action="store_true")
	parser.add_argument("names", nargs="*")
	arg = parser.parse_args()
	cases = all_cases(arg.names)
	with tempfile.TemporaryDirectory(prefix="kw-cases.") as folder:
		if arg.keep:
			folder = arg.keep
			os.makedirs(folder, exist_ok=True)
		config = os.path.join(folder, "empty.yaml")
		with open(config, "w", encoding="ascii") as out:
			out.write("{}\n") # so that nothing depends on /etc
		jobs = [(os.path.abspath(arg.bin), config, folder, case) for case in cases]
		with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
			results = list(pool.map(try_case, jobs, chunksize=2))
	totals, passed = {}, 0
	for case, (name, points, text) in zip(cases, results):
		where = "log" if case.is_log else "pcap"
		good = all(points.values())
		passed += good
		for point, right in dict(points, cases=True, passed=good).items():
			key = "%s %s" % (where, point)
			totals[key] = totals.get(key, 0) + bool(right)
		if not good or arg.verbose:
			print("%s %s (%s): %s" % ("ok" if good else "FAIL", name, case.cls, text))
	print(json.dumps(totals, sort_keys=True))
	failed = [case.name for case, (_, points, _) in zip(cases, results) if not all(points.values())]
	if arg.write_floors:
		with open(FLOORS, "w", encoding="ascii") as out:
			floors = {"log cases": totals["log cases"], "pcap cases": totals["pcap cases"], "known_faults": sorted(failed)}
			json.dump(floors, out, indent=1, sort_keys=True)
			out.write("\n")
	below = check_floors(totals, failed)
	say_mended([case.name for case in cases], failed)
	if arg.floors:
		for text in below:
			print(text)
	print("cases: %d passed, %d failed" % (passed, len(cases) - passed))
	return 1 if arg.floors and below else 0


def check_floors(totals, failed):
	"""What got worse than floors.json allows: fewer cases, or one that fails and is no known fault. So no total of what
	is right can fall, and two changes that mend different cases do not touch the same line."""
	with open(FLOORS, encoding="ascii") as source:
		floors = json.load(source)
	texts = ["below the floor: %s: %d of at least %d" % (key, totals.get(key, 0), floors[key])
		for key in ("log cases", "pcap cases") if totals.get(key, 0) < floors[key]]
	return texts + ["no known fault, but fails: " + name for name in failed if name not in floors["known_faults"]]


def say_mended(names, failed):
	with open(FLOORS, encoding="ascii") as source:
		known = json.load(source)["known_faults"]
	mended = [name for name in known if name in names and name not in failed]
	if mended:
		print("mended, run --write-floors: " + " ".join(mended))


if __name__ == "__main__":
	sys.exit(main())
