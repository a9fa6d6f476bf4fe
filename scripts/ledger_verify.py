#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify a ledger of photogate without photogate.

    ledger_verify.py FOLDER                     the school's folder, or the ledger.db in it
    ledger_verify.py FOLDER --approved DIR      and that DIR holds exactly the files that the ledger says were published

Needs Python 3.8 or later and nothing else. It only reads.

A ledger is a table of entries. Each has a number (seq), a time, a kind, a body, the digest of the entry before it (prev) and
its own digest, which is the SHA-256 of

    prev (32 bytes; zero bytes for entry 1)
    followed by the canonical JSON of {"body": body, "kind": kind, "seq": seq, "time": time}

Canonical means that there is only one way to write it down: keys sorted, no white space, whole numbers only, UTF-8, nothing
escaped that need not be (RFC 8785). So whoever changes, removes or moves an entry has to make every later digest anew,
and then the last digest, the head, is another. Keep the line this program prints somewhere else: a ledger whose end was
cut off, or which was made anew as a whole, can only be told by a head that was noted before.

Exit status: 0 whole, 2 wrong usage, 3 cannot be read, 4 broken.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import sqlite3
import stat
import sys
import urllib.parse

KINDS = {b"founded", b"import", b"run", b"intent", b"published", b"abandoned", b"held", b"rejected",
         b"recalled", b"alarm"}
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)Z", re.ASCII)
LARGEST = 2**53 - 1  # beyond it, not every JSON reader sees the same number (RFC 7493)
BESIDE_PHOTOS = {"captions.csv", "SHA256SUMS", ".captions.csv.new", ".SHA256SUMS.new"}  # .new: of a run cut short


class Broken(Exception):
    """The ledger is not what it was."""

    def __init__(self, seq, trouble):
        super().__init__(f"ledger: broken at entry {seq}: {trouble}")


class Unreadable(Exception):
    """The ledger cannot be read at all."""


# --- canonical JSON ---------------------------------------------------------------------------------------------------


def whole_number(digits):
    number = int(digits)
    if abs(number) > LARGEST:
        raise ValueError("number too large")
    return number


def refuse(text):
    raise ValueError(f"{text} is not a whole number")


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def parse_canonical(raw):
    """The object whose canonical form is `raw`. ValueError if there is none."""
    try:
        value = json.loads(raw.decode("utf-8"), parse_int=whole_number, parse_float=refuse, parse_constant=refuse)
    except RecursionError as deep:
        raise ValueError("nested too deeply") from deep
    if not isinstance(value, dict) or canonical(value) != raw:
        raise ValueError("not canonical")
    return value


# --- the chain --------------------------------------------------------------------------------------------------------


def is_time(raw):
    match = TIME.fullmatch(raw.decode("utf-8", "replace"))
    if not match:
        return False
    year, month, day = (int(match.group(i)) for i in (1, 2, 3))
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return 1900 <= year <= 2200


def check_entry(seq, time, kind, body, prev, digest):
    """The entry's body, if the entry is what its own digest vouches for."""
    if kind not in KINDS:
        raise Broken(seq, "it was altered: its kind is not one that a ledger has")
    if not is_time(time):
        raise Broken(seq, "it was altered: its time is not a time")
    try:
        parsed = parse_canonical(body)
    except ValueError:
        raise Broken(seq, "it was altered: its body is not canonical JSON") from None
    content = canonical({"body": parsed, "kind": kind.decode(), "seq": seq, "time": time.decode()})
    if len(prev) != 32 or hashlib.sha256(prev + content).digest() != digest:
        raise Broken(seq, "it was altered: its digest does not match its content")
    return parsed


class Ledger:
    """What a full reading remembers: the count, the head, and the intents (needed for --approved)."""

    def __init__(self):
        self.count = 0
        self.head = bytes(32)
        self.intents = {}  # seq -> [batch, file, release, "open" or how it ended]

    def read(self, rows):
        for seq, time, kind, body, prev, digest in rows:
            due = self.count + 1
            if seq < due:
                raise Broken(due, "an entry numbered below 1 stands before it")
            if seq > due:
                raise Broken(due, "it is missing")
            parsed = check_entry(seq, time, kind, body, prev, digest)
            if prev != self.head:
                raise Broken(seq, "it does not follow from the entry before it: one of the two was altered")
            self.note(seq, kind.decode(), parsed)
            self.count, self.head = seq, digest

    def note(self, seq, kind, body):
        """Every intent ends at most once: published, or abandoned. What was published may be recalled, once."""
        if kind == "intent":
            self.intents[seq] = [body.get("batch"), body.get("file"), body.get("release"), "open"]
        if kind not in ("published", "abandoned", "recalled"):
            return
        named = body.get("intent")
        if kind == "recalled":
            if type(named) is not int or named not in self.intents or self.intents[named][3] != "published":
                raise Broken(seq, "it is recalled and names nothing that is published")
            self.intents[named][3] = kind
            return
        if type(named) is not int or named not in self.intents:
            raise Broken(seq, f"it is {kind} and names no intent")
        if self.intents[named][3] != "open":
            raise Broken(seq, f"it is {kind}, but an entry before it ended intent {named} already")
        self.intents[named][3] = kind

    def verdict(self):
        return f"ledger: {self.count} entries, whole, head {self.head.hex()}"


def read_ledger(path):
    if not os.path.isfile(path):
        raise Unreadable(f"{path}: there is no such file")
    uri = "file:" + urllib.parse.quote(os.path.abspath(path)) + "?mode=ro"
    log = path + "-wal"
    if os.statvfs(os.path.dirname(os.path.abspath(path))).f_flag & os.ST_RDONLY and not (
        os.path.exists(log) and os.path.getsize(log) > 0
    ):
        uri += "&immutable=1"  # a read-only disk, and the file is all there is
    ledger = Ledger()
    try:
        db = sqlite3.connect(uri, uri=True)
        db.text_factory = bytes  # bytes as they stand: decoding is part of the check
        if db.execute("PRAGMA application_id").fetchone()[0] != int.from_bytes(b"pgld", "big"):
            raise Unreadable(f"{path}: not a ledger of photogate")
        ledger.read(db.execute("SELECT seq, time, kind, body, prev, digest FROM entry NOT INDEXED ORDER BY seq"))
        db.close()
    except sqlite3.Error as error:
        raise Unreadable(f"{path}: {error}") from error
    return ledger


# --- the approved folder ----------------------------------------------------------------------------------------------


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def files_below(top):
    """(path below `top`, whether it is a regular file) of everything that is not a folder."""

    def stop(error):
        raise Unreadable(f"{error.filename}: {error.strerror}")

    for folder, folders, names in os.walk(top, onerror=stop):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in names + links:
            full = os.path.join(folder, name)
            yield os.path.relpath(full, top), stat.S_ISREG(os.lstat(full).st_mode)


def check_approved(ledger, top):
    """Everything wrong with the folder of published photos, in plain words."""
    must, may, troubles = {}, {}, []
    for seq, (batch, file, release, end) in ledger.intents.items():
        where = os.path.join(str(batch), str(file))
        if end == "published":
            if where in must:
                troubles.append(f"{where}: published twice, by intent {seq} too")
            must[where] = release
        elif end == "open":
            may[where] = release  # a run was cut short here: the next one settles it
    batches = {str(intent[0]) for intent in ledger.intents.values()}
    seen = set()
    for where, regular in files_below(top):
        seen.add(where)
        batch, name = os.path.split(where)
        if not regular:
            troubles.append(f"{where}: not a regular file")
        elif where in must or where in may:
            if sha256_of(os.path.join(top, where)) not in (must.get(where), may.get(where)):
                troubles.append(f"{where}: not the file that was published")
        elif name not in BESIDE_PHOTOS or batch not in batches:
            troubles.append(f"{where}: in no entry of the ledger")
    troubles += [f"{where}: published, but not there" for where in must if where not in seen]
    return len(must), sorted(troubles)


# --- the command ------------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(
        description="Verify a ledger of photogate without photogate.",
        epilog="Exit status: 0 whole, 2 wrong usage, 3 cannot be read, 4 broken.",
    )
    parser.add_argument("folder", help="the school's folder, or the ledger.db in it")
    parser.add_argument("--approved", metavar="DIR", help="also compare the published photos in DIR")
    options = parser.parse_args()
    path = options.folder
    if os.path.isdir(path):
        path = os.path.join(path, "ledger.db")
    try:
        ledger = read_ledger(path)
        print(ledger.verdict())
        waiting = sum(intent[3] == "open" for intent in ledger.intents.values())
        if waiting:
            print(f"note: publications begun and not finished: {waiting}; the next run settles them", file=sys.stderr)
        if options.approved is None:
            return 0
        count, troubles = check_approved(ledger, options.approved)
    except Broken as broken:
        print(broken)
        return 4
    except (Unreadable, OSError) as error:
        print(f"ledger_verify: {error}", file=sys.stderr)
        return 3
    for trouble in troubles:
        print("approved: " + trouble.encode("unicode_escape").decode("ascii"))
    if troubles:
        return 4
    print(f"approved: {count} files, each as published, and no other")
    return 0


if __name__ == "__main__":
    sys.exit(main())
