#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Checks the texts of knowledge/ and turns them into C tables: compile_knowledge.py OUTPUT INPUT...

The inputs are kinds.yaml, services.yaml, ports.yaml, icmp.yaml, tools.yaml and research.yaml, each once, in any
order; the output defines what src/knowledge/knowledge_table.h declares. The head of each file tells
its format. All of it is YAML, but only this much of YAML is read, so that no library is needed and
nothing is guessed:

    # a comment, from the first column on; empty lines
    - key: text            an item begins (lists of items)
      key: text            its further keys
      key: >-              text over several lines, each four columns in,
        first line         joined by single blanks
        second line
      key: [a, b]          a list on one line
    key: [a, b]            without items: a plain mapping (services.yaml)

The first fault is printed as file:line: what; then the exit code is 1 and nothing is written.
"""
import ipaddress
import pathlib
import re
import sys

PROTOS = {"tcp": 6, "udp": 17, "dccp": 33, "sctp": 132}
ICMP_PROTOS = {"icmp": 1, "icmpv6": 58}
COLUMNS = 100
LINE = re.compile(r"(- |  )?([a-z0-9][a-z0-9.-]*):(?: (.*))?")
# What would make a plain YAML scalar something else than its own text.
NOT_PLAIN = re.compile(r"^[\[\]{}>|*&!%@`\"'#?,:-]|: | #|:$")


class Fault(Exception):
    """One thing wrong, with its place."""


class Text(str):
    """A value that knows the line it stands on."""

    def __new__(cls, value, place):
        self = super().__new__(cls, value)
        self.place = place
        return self


class Item(dict):
    """Keys and values of one item; `place` is its first line."""

    def __init__(self, place):
        super().__init__()
        self.place = place


def require(good, place, what):
    if not good:
        raise Fault(f"{place}: {what}")


# Reading


def read_lines(path):
    """(place, line) of every line that counts."""
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").split("\n"), 1):
        place = f"{path}:{number}"
        require(all(" " <= c <= "~" for c in line), place, "only printable ASCII is allowed")
        require(len(line) <= COLUMNS, place, f"longer than {COLUMNS} columns")
        require(line == line.rstrip(), place, "blanks at the end")
        if line and not line.startswith("#"):
            yield place, line


def read_value(place, raw, lines):
    """The value behind a key; takes the lines of a folded text off `lines`."""
    require(raw, place, "a value is missing")
    if raw == ">-":
        parts = []
        while lines and lines[0][1].startswith("    "):
            part_place, part = lines.pop(0)
            require(part[4] != " ", part_place, "the lines of a text stand four columns in")
            parts.append(part[4:])
        require(parts, place, "a text is missing behind >-")
        return Text(" ".join(parts), place)
    if raw.startswith("["):
        require(raw.endswith("]"), place, "a list ends on its own line")
        words = [Text(word.strip(), place) for word in raw[1:-1].split(",")]
        for word in words:
            require(re.fullmatch(r"[a-z0-9./:-]+", word), place, f"not a word for a list: {word}")
        return words
    require(not NOT_PLAIN.search(raw), place, "put this text behind >- on lines of its own")
    return Text(raw, place)


def read_file(path):
    """The items of a list, or the one mapping of a file without items."""
    lines = list(read_lines(path))
    require(lines, path, "nothing in it")
    listed = lines[0][1].startswith("- ")
    items = [] if listed else [Item(lines[0][0])]
    while lines:
        place, line = lines.pop(0)
        found = LINE.fullmatch(line)
        require(found, place, "neither an item, a key nor a comment")
        lead, key, raw = found.groups()
        require(bool(lead) == listed, place, "list and mapping are mixed")
        if lead == "- ":
            items.append(Item(place))
        require(key not in items[-1], place, f"{key} stands twice")
        items[-1][key] = read_value(place, raw, lines)
    return items


def read_items(path, *keys, optional=()):
    """The items of a list, each with just these keys, and perhaps the optional ones."""
    items = read_file(path)
    for item in items:
        for key in keys:
            require(key in item, item.place, f"{key} is missing")
            wants_list = key in ("ports", "blocks")
            require(isinstance(item[key], list) == wants_list, item.place,
                f"{key} is {'a list' if wants_list else 'a text'}")
        for key in item:
            require(key in keys + optional, item.place, f"unknown key {key}")
    return items


# Checking


def check_text(text, longest, sentences):
    """Sentences for people: bounded, complete, quiet. Returns the text."""
    require(len(text) <= longest, text.place, f"{len(text)} characters, at most {longest} allowed")
    require("  " not in text, text.place, "two blanks in a row")
    require("!" not in text, text.place, "an exclamation mark")
    loud = re.search(r"[A-Z]{7,}", text)
    require(not loud, text.place, f"capitals for loudness: {loud and loud.group()}")
    require(re.match(r"[A-Z0-9]", text), text.place, "a sentence begins with a capital")
    require(text.endswith("."), text.place, "a sentence ends with a full stop")
    count = len(re.findall(r"\.(?: |$)", text))
    require(count <= sentences, text.place, f"{count} sentences, at most {sentences} allowed")
    return text


def check_name(name, longest, pattern=r"[a-z0-9][a-z0-9.-]*"):
    require(len(name) <= longest and re.fullmatch(pattern, name), name.place,
        f"not a name of at most {longest} characters in lower case: {name}")
    return name


def numbers_of(word, protos, most):
    """(protocol number, first, last) of a word such as tcp/80-82."""
    found = re.fullmatch(r"([a-z0-9]+)/(0|[1-9][0-9]*)(?:-([1-9][0-9]*))?", word)
    require(found and found.group(1) in protos, word.place,
        f"not one of {', '.join(protos)} with numbers: {word}")
    first = int(found.group(2))
    last = int(found.group(3) or first)
    require(first <= last <= most, word.place, f"numbers out of order or above {most}: {word}")
    return protos[found.group(1)], first, last


def spread(words, value, rows):
    """Puts `value` at every (protocol, port) of the words."""
    for word in words:
        proto, first, last = numbers_of(word, PROTOS, 65535)
        for port in range(first, last + 1):
            require((proto, port) not in rows, word.place, f"{word} stands twice")
            rows[proto, port] = value


def gather(rows):
    """Sorted [first key, last key, value]; neighbours of equal value become one row."""
    out = []
    for (proto, port), value in sorted(rows.items(), key=lambda row: row[0]):
        key = proto << 16 | port
        if out and out[-1][1] + 1 == key and out[-1][2] == value:
            out[-1][1] = key
        else:
            out.append([key, key, value])
    return out


def load_kinds(path):
    kinds = {}
    for item in read_items(path, "kind", "title", "meaning", "advice",
            optional=("unanswered", "pings", "pings-advice", "options", "options-advice", "pieces",
                "pieces-advice")):
        name = check_name(item["kind"], 24, r"[a-z]+(-[a-z]+)*")
        title = item["title"]
        require(name not in kinds, item.place, f"{name} stands twice")
        require(re.fullmatch("[A-Z].{,46}[^.!]", title), title.place,
            "a title begins with a capital, ends without a stop and has at most 48 characters")
        for part in ("pings", "options", "pieces"):
            require((part in item) == (part + "-advice" in item), item.place,
                f"{part} and {part}-advice go together")
        kinds[name] = [title, check_text(item["meaning"], 320, 3),
            check_text(item["advice"], 240, 4),
            check_text(item.get("unanswered", item["advice"]), 240, 4),
            check_text(item.get("pings", item["meaning"]), 320, 3),
            check_text(item.get("pings-advice", item["advice"]), 240, 4)]
        for part in ("options", "pieces"):
            kinds[name] += [check_text(item.get(part, item["meaning"]), 320, 3),
                check_text(item.get(part + "-advice", item["advice"]), 240, 4)]
    return kinds


def load_services(path):
    rows = {}
    mapping, *more = read_file(path)
    require(not more, mapping.place, "a plain mapping without items is wanted")
    for name, words in mapping.items():
        require(isinstance(words, list), mapping.place, f"{name}: the ports are a list")
        check_name(Text(name, words[0].place), 20)
        spread(words, name, rows)
    return rows


def load_ports(path, names):
    rows = {}
    for item in read_items(path, "ports", "what", "why"):
        spread(item["ports"], (check_text(item["what"], 200, 1), check_text(item["why"], 240, 2),
            item.place), rows)
    for (proto, port), (what, why, place) in rows.items():
        require((proto, port) in names, place, f"port {port} has no name in services.yaml")
        rows[proto, port] = (names[proto, port], what, why)
    return rows


def load_icmp(path):
    rows = {}
    for item in read_items(path, "type", "name", "what"):
        proto, first, last = numbers_of(item["type"], ICMP_PROTOS, 255)
        require(first == last, item.place, "one type an item")
        require((proto, first) not in rows, item.place, f"{item['type']} stands twice")
        rows[proto, first] = (check_name(item["name"], 40, r"[a-z][a-z0-9 ]*"),
            check_text(item["what"], 240, 1))
    return rows


def load_tools(path):
    tools = {}
    for item in read_items(path, "tool", "what", "means"):
        name = check_name(item["tool"], 20)
        require(name not in tools, item.place, f"{name} stands twice")
        tools[name] = [check_text(item["what"], 240, 2), check_text(item["means"], 240, 2)]
    return tools


def block_of(word):
    """(16 bytes with IPv4 mapped, length in 128 bits) of a block."""
    try:
        net = ipaddress.ip_network(word)
    except ValueError as error:
        raise Fault(f"{word.place}: {error}") from error
    require(net.is_global, word.place, f"not a block of the Internet: {word}")
    base, bits = net.network_address.packed, net.prefixlen
    return (base, bits) if net.version == 6 else (b"\0" * 10 + b"\xff\xff" + base, bits + 96)


def load_research(path):
    rows = {}
    for item in read_items(path, "who", "blocks", "web", "source", "seen"):
        require(re.fullmatch(r"[A-Z][A-Za-z0-9 .]{,31}", item["who"]), item.place, "not a name")
        require(re.fullmatch(r"https://[a-z0-9./-]{,80}", item["web"]), item.place, "not an address")
        require(len(item["source"]) <= 120, item.place, "the source is too long")
        require(re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", item["seen"]), item.place, "not a month")
        for word in item["blocks"]:
            block = block_of(word)
            for base, bits in rows:
                least = min(bits, block[1])
                same = int.from_bytes(base, "big") >> 128 - least == int.from_bytes(
                    block[0], "big") >> 128 - least
                require(not same, word.place, f"{word} stands twice, or within another")
            rows[block] = [item["who"], item["web"]]
    return rows


# Writing


def quote(texts):
    return ", ".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)


def write_spans(struct, name, rows):
    """A sorted table whose rows begin with a struct row_span."""
    yield f"const struct {struct} knowledge_table_{name}[] = {{"
    for first, last, texts in rows:
        body = quote(texts) if len(texts) == 1 else "{" + quote(texts) + "}"
        yield f"\t{{{{0x{first:06x}, 0x{last:06x}}}, {body}}},"
    yield "};"
    yield f"const size_t knowledge_table_{name}_count = {len(rows)};"
    yield ""


def write_research(rows):
    first = [0] * 8
    yield "const struct research_row knowledge_table_research[] = {"
    for (base, bits), texts in sorted(rows.items()):
        mapped = base[:12] == b"\0" * 10 + b"\xff\xff"
        byte = base[12 if mapped else 0]
        first[byte // 32] |= 1 << byte % 32
        yield f"\t{{{{{{{{{', '.join(str(b) for b in base)}}}}}, {bits}}}, {{{quote(texts)}}}}},"
    yield "};"
    yield f"const size_t knowledge_table_research_count = {len(rows)};"
    yield f"const uint32_t knowledge_table_research_first[8] = {{{', '.join(map(hex, first))}}};"
    yield ""


def write_tables(kinds, services, ports, icmp, tools, research):
    yield "/* Generated from knowledge/ by tools/compile_knowledge.py. */"
    yield '#include "knowledge/knowledge_table.h"'
    yield ""
    yield "const struct kind_text knowledge_table_kinds[INCIDENT_KINDS] = {"
    for name, texts in kinds.items():
        yield f"\t[INCIDENT_KIND_{name.upper().replace('-', '_')}] = {{{quote(texts)}}},"
    yield "};"
    yield f'_Static_assert(INCIDENT_KINDS == {len(kinds)}, "kinds.yaml tells every kind");'
    yield ""
    yield from write_spans("service_row", "services", [[a, b, [name]] for a, b, name in services])
    yield from write_spans("port_row", "ports", ports)
    yield from write_spans("icmp_row", "icmp", icmp)
    yield from write_research(research)
    yield "const struct tool_text knowledge_table_tools[] = {"
    for name, texts in tools.items():
        yield f"\t{{{quote([name] + texts)}}},"
    yield "};"
    yield f"const size_t knowledge_table_tools_count = {len(tools)};"


def main():
    output, *inputs = sys.argv[1:]
    path = {pathlib.Path(name).name: name for name in inputs}
    missing = {"kinds.yaml", "services.yaml", "ports.yaml", "icmp.yaml", "tools.yaml",
        "research.yaml"} - set(path)
    if missing:
        sys.exit(f"not among the inputs: {', '.join(sorted(missing))}")
    try:
        names = load_services(path["services.yaml"])
        lines = list(write_tables(load_kinds(path["kinds.yaml"]), gather(names),
            gather(load_ports(path["ports.yaml"], names)), gather(load_icmp(path["icmp.yaml"])),
            load_tools(path["tools.yaml"]), load_research(path["research.yaml"])))
    except Fault as fault:
        sys.exit(str(fault))
    pathlib.Path(output).write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
