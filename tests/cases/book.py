# SPDX-License-Identifier: ISC
"""book - a case: who does what, how it is seen, and what a right answer says of it.

A row of a table gives one scene and the views under which it is judged; every view is a case of its own.
"""
import dataclasses

from firewall import write_log
from scene import HOMES, Scene
from wire import write_capture

# name: (log make or link of a capture, IPv6, policy of our hosts, which directions the capture holds)
VIEWS = {
	"drop": ("ether", False, "drop", "both"), "reset": ("ether", False, "reset", "both"),
	"in": ("raw", False, "drop", "in"), "cooked": ("cooked", False, "reset", "both"),
	"drop6": ("ether", True, "drop", "both"), "reset6": ("cooked", True, "reset", "both"), "in6": ("raw", True, "drop", "in"),
	"netfilter": ("netfilter", False, "drop", "both"), "netfilter6": ("netfilter", True, "drop", "both"),
	"plain": ("plain", False, "drop", "both"), "plain6": ("plain", True, "drop", "both"),
	"ufw": ("ufw", False, "drop", "both"), "ufw6": ("ufw", True, "drop", "both"),
	"vlan": ("vlan", False, "reset", "both"), "pppoe": ("pppoe", False, "drop", "both"), "pppoe6": ("pppoe", True, "drop", "both"),
	"loop": ("null", False, "reset", "both"), "nano": ("nano", False, "drop", "both"), "big": ("big", False, "drop", "both"),
	"short": ("short", False, "reset", "both"), "ng": ("ng", False, "reset", "both"), "ng6": ("ng", True, "drop", "both"),
	"out": ("ether", False, "reset", "out"),
	"journal": ("journal", False, "drop", "both"), "bridge": ("bridge", False, "drop", "both"), "limited": ("limited", False, "drop", "both"),
	"ios": ("ios", False, "drop", "both"), "asa": ("asa", False, "drop", "both"),
}
LOGS = ("netfilter", "plain", "ufw", "ios", "asa", "journal", "bridge", "limited")
POOR = ("plain", "ufw", "ios", "asa", "journal", "limited") # tell no sequence numbers and no TCP options


@dataclasses.dataclass
class Case:
	name: str                 # scene/view
	cls: str                  # scan, attack, harmless or flood
	make: object              # draws the scene
	view: str
	kinds: tuple = ()         # accepted ones; empty: any (of a scan), none needed (of what is harmless)
	techniques: tuple = ()    # one of them must be named; empty: any
	tool: str = ""            # must be named; empty: any
	also: dict = dataclasses.field(default_factory=dict)  # fields of the incident with a wanted value
	counted: bool = True      # one story tells of all targets of all sources
	stories: int = 3          # more of them about one scan are a storm; a source that scans alone may have one
	memory: str = ""         # what the program may take; empty: its default
	home: bool = True         # our networks are given to the program
	params: dict = dataclasses.field(default_factory=dict)

	@property
	def is_log(self):
		return VIEWS[self.view][0] in LOGS

	def write(self, path):
		"""Writes the file; returns the scene."""
		form, v6, policy, direction = VIEWS[self.view]
		scene = Scene(self.name.split("/")[0], v6, policy)
		self.make(scene, **self.params)
		packets = sorted(scene.packets, key=lambda packet: packet[0])
		if self.is_log:
			scene.seen = write_log(path, packets, scene.offers, form, scene.lines)
		else:
			kept = [p for p in packets if direction == "both" or p[2] == (direction == "out")]
			write_capture(path, kept, form)
			scene.seen = [(when, packet) for when, packet, _ in kept]
		return scene

	def homes(self):
		return HOMES if self.home else ()


def words(text):
	return tuple(text.split()) if isinstance(text, str) else tuple(text)


def row(name, cls, make, views, kinds="", techniques="", tool="", also=None, counted=True, stories=3, memory="", home=True, **params):
	"""The cases of one scene. A tool is wanted only where the view shows what gives it away (not in plain logs)."""
	return [Case("%s/%s" % (name, view), cls, make, view, words(kinds), words(techniques),
		"" if VIEWS[view][0] in POOR else tool, dict(also or {}), counted, stories, memory, home, params)
		for view in words(views)]
