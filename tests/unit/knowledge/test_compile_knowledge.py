#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""tools/compile_knowledge.py refuses bad texts with file, line and reason.

The first argument is the path of compile_knowledge.py.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

COMPILER = sys.argv.pop(1)
GOOD = {
    "kinds.yaml": "- kind: trap\n  title: A trap\n  meaning: It is one.\n  advice: Nothing.\n",
    "services.yaml": "# ports\n\nssh: [tcp/22, tcp/2222-2224]\ndns: [udp/53]\n",
    "ports.yaml": "- ports: [tcp/22]\n  what: A shell.\n  why: >-\n    Somebody\n    guesses.\n",
    "icmp.yaml": "- type: icmp/8\n  name: echo request\n  what: A ping.\n",
    "tools.yaml": "- tool: nmap\n  what: A scanner.\n  means: Somebody looks.\n",
    "research.yaml": "- who: Shodan\n  blocks: [66.240.192.138, 2001:470:2cc::/48]\n"
        "  web: https://www.shodan.io\n  source: Its page\n  seen: 2026-11\n",
}
# name, file, its text, what the fault says
REFUSED = [
    ("a key that is not known", "tools.yaml", GOOD["tools.yaml"] + "  more: Text.\n",
        ":1: unknown key more"),
    ("a half of what goes together", "kinds.yaml", GOOD["kinds.yaml"] + "  pings: Text.\n",
        ":1: pings and pings-advice go together"),
    ("a key that is missing", "tools.yaml", "- tool: nmap\n  what: One.\n", ":1: means is missing"),
    ("a key given twice", "tools.yaml", "- tool: nmap\n  tool: zmap\n", ":2: tool stands twice"),
    ("an item given twice", "tools.yaml", GOOD["tools.yaml"] * 2, ":4: nmap stands twice"),
    ("an empty file", "tools.yaml", "# nothing\n", "nothing in it"),
    ("a value that is missing", "tools.yaml", "- tool:\n", ":1: a value is missing"),
    ("a folded text that is missing", "tools.yaml", "- tool: >-\n", ":1: a text is missing"),
    ("a folded text too far in", "tools.yaml", "- tool: >-\n     a\n",
        ":2: the lines of a text stand"),
    ("a tab", "tools.yaml", "- tool:\tnmap\n", ":1: only printable ASCII"),
    ("a letter beyond ASCII", "tools.yaml", "- tool: n\u00e4map\n", ":1: only printable ASCII"),
    ("blanks at the end", "tools.yaml", "- tool: nmap \n", ":1: blanks at the end"),
    ("a long line", "tools.yaml", "- tool: " + "a" * 100 + "\n", ":1: longer than 100 columns"),
    ("a quoted text", "tools.yaml", '- tool: "nmap"\n', ":1: put this text behind >-"),
    ("a text that YAML would split", "tools.yaml", "- tool: a: b\n", ":1: put this text behind >-"),
    ("a text that YAML would cut", "tools.yaml", "- tool: a #b\n", ":1: put this text behind >-"),
    ("a list that goes on", "ports.yaml", "- ports: [tcp/22,\n", ":1: a list ends on its own line"),
    ("a list for a text", "tools.yaml", "- tool: [nmap]\n  what: A.\n  means: A.\n",
        ":1: tool is a text"),
    ("a text for a list", "ports.yaml", "- ports: tcp/22\n  what: A.\n  why: A.\n",
        ":1: ports is a list"),
    ("a mapping among items", "tools.yaml", GOOD["tools.yaml"] + "tool: nmap\n",
        ":4: list and mapping"),
    ("an item in a mapping", "services.yaml", "ssh: [tcp/22]\n- dns: [tcp/53]\n",
        ":2: list and mapping"),
    ("a line without a key", "services.yaml", "ssh\n", ":1: neither an item"),
    ("an upper case name", "tools.yaml", GOOD["tools.yaml"].replace("nmap", "Nmap"),
        ":1: not a name"),
    ("an upper case service", "services.yaml", "SSH: [tcp/22]\n", ":1: neither an item"),
    ("a name that is too long", "services.yaml", "a" * 21 + ": [tcp/22]\n",
        ":1: not a name of at most 20"),
    ("a port given twice", "services.yaml", "ssh: [tcp/22]\na: [tcp/20-25]\n",
        ":2: tcp/20-25 stands twice"),
    ("a port beyond the last", "services.yaml", "a: [tcp/65536]\n",
        ":1: numbers out of order or above"),
    ("a range upside down", "services.yaml", "a: [tcp/9-8]\n", ":1: numbers out of order"),
    ("a block with host bits", "research.yaml", GOOD["research.yaml"].replace("2cc::", "2cc::9"),
        ":2: 2001:470:2cc::9/48 has host bits set"),
    ("a block that is no address", "research.yaml", GOOD["research.yaml"].replace("66", "666"),
        ":2: '666.240.192.138' does not appear"),
    ("a private block", "research.yaml", GOOD["research.yaml"].replace("66.240", "10.240"),
        ":2: not a block of the Internet"),
    ("a block within another", "research.yaml", GOOD["research.yaml"].replace("[", "[66.240.0.0/16, "),
        ":2: 66.240.192.138 stands twice, or within another"),
    ("a month that is none", "research.yaml", GOOD["research.yaml"].replace("-11", "-13"),
        ":1: not a month"),
    ("an unknown protocol", "services.yaml", "a: [xtp/9]\n", ":1: not one of tcp"),
    ("a port without a number", "services.yaml", "a: [tcp]\n", ":1: not one of tcp"),
    ("a told port without a name", "ports.yaml", GOOD["ports.yaml"].replace("22", "23"),
        "23 has no name"),
    ("a told port given twice", "ports.yaml", GOOD["ports.yaml"] * 2, ":6: tcp/22 stands twice"),
    ("shouting", "tools.yaml", GOOD["tools.yaml"].replace("scanner", "SCANNER"), ":2: capitals"),
    ("an exclamation mark", "tools.yaml", GOOD["tools.yaml"].replace("scanner", "fox!"),
        ":2: an exclam"),
    ("a text without an end", "tools.yaml", GOOD["tools.yaml"].replace("scanner.", "fox"),
        ":2: a sentence ends"),
    ("a text that begins small", "tools.yaml", GOOD["tools.yaml"].replace("A sc", "a sc"),
        ":2: a sentence begins"),
    ("too many sentences", "icmp.yaml", GOOD["icmp.yaml"].replace("ping.", "ping. Yes."),
        ":3: 2 sentences"),
    ("a text that is too long", "kinds.yaml", GOOD["kinds.yaml"].replace(
        "  meaning: It is one.", "  meaning: >-\n" + ("    A" + "a" * 80 + "\n") * 4 + "    e."),
        ":3: 330 characters, at most 320"),
    ("a title with a stop", "kinds.yaml", GOOD["kinds.yaml"].replace("A trap", "A trap."),
        ":2: a title"),
    ("an ICMP type beyond the last", "icmp.yaml", GOOD["icmp.yaml"].replace("8", "256"),
        ":1: numbers out"),
    ("an ICMP type given twice", "icmp.yaml", GOOD["icmp.yaml"] * 2, ":4: icmp/8 stands twice"),
]


def compile_texts(folder, texts):
    """(exit code, what was said, the C text or None)"""
    folder = pathlib.Path(folder)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    output = folder / "out.c"
    run = subprocess.run([sys.executable, COMPILER, output, *(folder / name for name in texts)],
        capture_output=True, text=True, check=False)
    return run.returncode, run.stderr, output.read_text() if output.exists() else None


class CompileKnowledge(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def test_good_texts_become_tables(self):
        code, said, text = compile_texts(self.folder, GOOD)
        self.assertEqual((code, said), (0, ""))
        for wanted in ('[INCIDENT_KIND_TRAP] = {"A trap", "It is one.", "Nothing.", '
                '"Nothing.", "It is one.", "Nothing.", "It is one.", "Nothing.", "It is one.", "Nothing."},',
                '{{0x0608ae, 0x0608b0}, "ssh"},',
                '{{0x060016, 0x060016}, {"ssh", "A shell.", "Somebody guesses."}},',
                '{{0x010008, 0x010008}, {"echo request", "A ping."}},', "services_count = 3;"):
            self.assertIn(wanted, text)

    def test_a_kind_may_have_words_for_what_was_not_answered(self):
        kinds = GOOD["kinds.yaml"] + "  unanswered: No.\n  pings: P.\n  pings-advice: Ping.\n" \
            "  options: O.\n  options-advice: Oh.\n  pieces: Q.\n  pieces-advice: Quit.\n"
        text = compile_texts(self.folder, {**GOOD, "kinds.yaml": kinds})[2]
        self.assertIn('"It is one.", "Nothing.", "No.", "P.", "Ping.", "O.", "Oh.", "Q.", "Quit."}', text)

    def test_the_order_of_lines_does_not_matter(self):
        turned = {**GOOD, "services.yaml": "dns: [udp/53]\nssh: [tcp/2222-2224, tcp/22]\n"}
        self.assertEqual(compile_texts(self.folder, GOOD)[2], compile_texts(self.folder, turned)[2])

    def test_an_input_that_is_missing_is_named(self):
        texts = {name: text for name, text in GOOD.items() if name != "icmp.yaml"}
        code, said, text = compile_texts(self.folder, texts)
        self.assertEqual((code, text), (1, None))
        self.assertIn("icmp.yaml", said)

    def test_bad_texts_are_refused_with_place_and_reason(self):
        for name, file, bad, wanted in REFUSED:
            with self.subTest(name):
                code, said, text = compile_texts(self.folder, {**GOOD, file: bad})
                self.assertEqual((code, text), (1, None))
                self.assertIn(f"{file}", said)
                self.assertIn(wanted, said)
                self.assertNotIn("Traceback", said)


if __name__ == "__main__":
    unittest.main()
