#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify a ledger of photogate without photogate.

    ledger_verify.py FOLDER                     the school's folder, or the ledger.db in it
    ledger_verify.py FOLDER --approved DIR      and that DIR holds exactly the files that the ledger says were published
    ledger_verify.py FOLDER --checkpoint FILE --key VKEY
                                                and that it is still the ledger that the checkpoint was signed for
    ledger_verify.py --proof FILE --key VKEY    that an entry somebody was shown is one of a ledger that was signed for; no
                                                ledger is needed (proofs/ of `photogate subject PUPIL export`)

Needs Python 3.8 or later and nothing else. It only reads.

A ledger is a table of entries. Each has a number (seq), a time, a kind, a body, the digest of the entry before it (prev) and
its own digest, which is the SHA-256 of

    prev (32 bytes; zero bytes for entry 1)
    followed by the canonical JSON of {"body": body, "kind": kind, "seq": seq, "time": time}

Canonical means that there is only one way to write it down: keys sorted, no white space, whole numbers only, UTF-8, nothing
escaped that need not be (RFC 8785). So whoever changes, removes or moves an entry has to make every later digest anew,
and then the last digest, the head, is another. Keep the line this program prints somewhere else: a ledger whose end was
cut off, or which was made anew as a whole, can only be told by a head that was noted before, or by a checkpoint: the number of
entries, the root of the Merkle tree over them (RFC 9162, 2.1.1; a leaf is the canonical JSON above) and the head, signed with the
school's Ed25519 key (RFC 8032) as a C2SP signed note.

Exit status: 0 whole, 2 wrong usage, 3 cannot be read, 4 broken.
"""

import argparse
import base64
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
         b"recalled", b"posted", b"taken-down", b"printed", b"awaiting", b"declined", b"cleared", b"destroyed", b"disclosed",
         b"erased", b"purged", b"alarm"}
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
        self.leaves, self.heads = [], []  # of each entry: its leaf of the tree, its digest
        self.looked_at = {}  # seq of what waits ("awaiting", then "declined") and of what is held ("held")
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
            content = canonical({"body": parsed, "kind": kind.decode(), "seq": seq, "time": time.decode()})
            self.leaves.append(hashlib.sha256(b"\x00" + content).digest())
            self.heads.append(digest)

    def note(self, seq, kind, body):
        """Every intent ends at most once: published, or abandoned. What was published may be recalled, once."""
        if kind == "intent":
            self.intents[seq] = [body.get("batch"), body.get("file"), body.get("release"), "open"]
        self.note_second_person(seq, kind, body)
        self.note_posting(seq, kind, body)
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

    def note_second_person(self, seq, kind, body):
        """What is declined waits, and is declined once; what is cleared is held."""
        if kind in ("awaiting", "held"):
            self.looked_at[seq] = kind
        elif kind == "declined":
            named = body.get("awaiting")
            if type(named) is not int or self.looked_at.get(named) != "awaiting":
                raise Broken(seq, "it is declined and names nothing that waits")
            self.looked_at[named] = kind
        elif kind == "cleared":
            named = body.get("held")
            if type(named) is not int or self.looked_at.get(named) != "held":
                raise Broken(seq, "it is cleared and names nothing that is held")

    def note_posting(self, seq, kind, body):
        """What is posted is published and not recalled; what is taken down was posted, and once."""
        if kind == "posted":
            named = body.get("intent")
            if type(named) is not int or self.intents.get(named, [None])[-1] != "published":
                raise Broken(seq, "it is posted and names nothing that is published")
            self.looked_at[seq] = kind
        elif kind == "taken-down":
            named = body.get("posted")
            if type(named) is not int or self.looked_at.get(named) != "posted":
                raise Broken(seq, "it is taken-down and names nothing that is posted")
            self.looked_at[named] = kind

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


# --- checkpoints ------------------------------------------------------------------------------------------------------

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD


def point_add(p, q):
    """RFC 8032, 5.1.4: points as (X, Y, Z, T)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % FIELD, (p[1] + p[0]) * (q[1] + q[0]) % FIELD
    c, d = 2 * p[3] * q[3] * CURVE % FIELD, 2 * p[2] * q[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def point_multiply(number, point):
    product = (0, 1, 1, 0)
    while number:
        if number & 1:
            product = point_add(product, point)
        point = point_add(point, point)
        number >>= 1
    return product


def point_of(raw):
    """RFC 8032, 5.1.3; ValueError if it is no point."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= FIELD:
        raise ValueError("no point")
    square = (y * y - 1) * pow(CURVE * y * y + 1, FIELD - 2, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if (x * x - square) % FIELD or (x == 0 and sign):
        raise ValueError("no point")
    x = FIELD - x if x & 1 != sign else x
    return x, y, 1, x * y % FIELD


def signature_holds(public, message, signature):
    """RFC 8032, 5.1.7."""
    try:
        key, commitment = point_of(public), point_of(signature[:32])
    except ValueError:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    base = point_of((4 * pow(5, FIELD - 2, FIELD) % FIELD).to_bytes(32, "little"))
    left, right = point_multiply(scalar, base), point_add(commitment, point_multiply(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % FIELD == 0 and (left[1] * right[2] - right[1] * left[2]) % FIELD == 0


def merkle_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:half]) + merkle_root(leaves[half:])).digest()


def read_vkey(text):
    """(name, hash, public key) of a C2SP verifier key."""
    try:
        name, hashed, key = text.strip().split("+", 2)
        typed = base64.b64decode(key, validate=True)
        right = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    except ValueError:
        raise Unreadable("the verifier key is not one (NAME+HASH+KEY)") from None
    if len(typed) != 33 or typed[0] != 1 or right.hex() != hashed:
        raise Unreadable("the verifier key is not one (NAME+HASH+KEY)")
    return name, right, typed[1:]


def read_note(raw, path):
    """(signed body, signatures, origin, size, root, head) of a checkpoint."""
    try:
        body, _, signatures = raw.partition(b"\n\n")
        body += b"\n"
        origin, size, root, head = body.decode("utf-8").splitlines()[:4]
        size, root = int(size), base64.b64decode(root, validate=True)
        head = bytes.fromhex(head[len("head "):]) if head.startswith("head ") else b""
    except ValueError:
        raise Unreadable(f"{path}: not a checkpoint of a photogate ledger") from None
    if size < 1 or len(root) != 32 or len(head) != 32:
        raise Unreadable(f"{path}: not a checkpoint of a photogate ledger")
    return body, signatures, origin, size, root, head


def is_signed(body, signatures, vkey):
    """Does one of the note's signatures hold for the verifier key?"""
    name, hashed, public = read_vkey(vkey)
    for line in signatures.decode("utf-8", "replace").splitlines():
        words = line.split(" ")
        if len(words) == 3 and words[0] == "\u2014" and words[1] == name:
            try:
                both = base64.b64decode(words[2], validate=True)
            except ValueError:
                continue
            if both[:4] == hashed and signature_holds(public, body, both[4:]):
                return True
    return False


def check_checkpoint(ledger, path, vkey):
    """What is wrong, in plain words, or None; and the number of entries it is about."""
    with open(path, "rb") as file:
        raw = file.read(4096)
    body, signatures, origin, size, root, head = read_note(raw, path)
    mine = "photogate-" + ledger.heads[0].hex()[:16] if ledger.heads else "an empty one"
    if origin != mine:
        return f"it is a checkpoint of another ledger ({origin}; this one is {mine})", size
    if not is_signed(body, signatures, vkey):
        return f"its signature is not that of the key {read_vkey(vkey)[0]}", size
    if ledger.count < size:
        return f"entries are missing at its end: it had {size}, it has {ledger.count}", size
    if merkle_root(ledger.leaves[:size]) != root or ledger.heads[size - 1] != head:
        return f"its first {size} entries are not those that were signed: it was made anew", size
    return None, size


# --- proofs -----------------------------------------------------------------------------------------------------------


def path_leads(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, last, way = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            way = hashlib.sha256(b"\x01" + beside + way).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            way = hashlib.sha256(b"\x01" + way + beside).digest()
        node, last = node >> 1, last >> 1
    return last == 0 and way == root


def check_proof(path, vkey):
    """(what is wrong or None, what was proved) of one entry, from the file alone."""
    with open(path, "rb") as file:
        raw = file.read(1 << 22)
    try:
        proof = json.loads(raw.decode("utf-8"), parse_int=whole_number, parse_float=refuse, parse_constant=refuse)
        leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(proof["root"])
        way = [bytes.fromhex(step) for step in proof["path"]]
        index, size, entry = proof["index"], proof["size"], proof.get("entry")
        note = proof["checkpoint"].encode("utf-8")
        if type(index) is not int or type(size) is not int or not isinstance(entry, (dict, type(None))):
            raise ValueError("no proof")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{path}: not a proof of an entry") from None
    body, signatures, origin, signed_size, signed_root, _ = read_note(note, path)
    if vkey is not None and not is_signed(body, signatures, vkey):
        return f"its checkpoint is not signed by the key {read_vkey(vkey)[0]}", None
    if vkey is not None and origin != read_vkey(vkey)[0]:
        return "its checkpoint is of another ledger than the key", None
    if (signed_size, signed_root) != (size, root):
        return "its checkpoint is about another ledger, or another state of it", None
    if entry is not None:
        if entry.get("seq") != index + 1:
            return "the entry has another number than the proof", None
        if hashlib.sha256(b"\x00" + canonical(entry)).digest() != leaf:
            return "the entry is not the one that was proved: it was altered", None
    if not path_leads(leaf, index, size, way, root):
        return "its path does not lead to the root that was signed", None
    what = f"entry {index + 1} of the {size} that were signed for ({origin})"
    return None, what if entry is not None else what + "; its text is not in the file"


# --- the command ------------------------------------------------------------------------------------------------------


def proof_command(options):
    try:
        trouble, what = check_proof(options.proof, options.key)
    except (Unreadable, OSError) as error:
        print(f"ledger_verify: {error}", file=sys.stderr)
        return 3
    if trouble:
        print("proof: DOES NOT HOLD: " + trouble.encode("unicode_escape").decode("ascii"))
        return 4
    print("proof: holds: " + what.encode("unicode_escape").decode("ascii"))
    if options.key is None:
        print("note: without --key VKEY nobody has checked who signed", file=sys.stderr)
    return 0


def main():
    parser = argparse.ArgumentParser(
        description="Verify a ledger of photogate without photogate.",
        epilog="Exit status: 0 whole, 2 wrong usage, 3 cannot be read, 4 broken.",
    )
    parser.add_argument("folder", nargs="?", help="the school's folder, or the ledger.db in it")
    parser.add_argument("--approved", metavar="DIR", help="also compare the published photos in DIR")
    parser.add_argument("--checkpoint", metavar="FILE", help="also compare with a checkpoint kept elsewhere")
    parser.add_argument("--key", metavar="VKEY", help="the verifier key kept with the checkpoint")
    parser.add_argument("--proof", metavar="FILE", help="check one entry's proof instead, without the ledger")
    options = parser.parse_args()
    if options.proof is not None:
        if options.folder or options.approved or options.checkpoint:
            parser.error("--proof FILE goes with --key VKEY alone")
        return proof_command(options)
    if options.folder is None:
        parser.error("name the school's folder")
    if (options.checkpoint is None) != (options.key is None):
        parser.error("--checkpoint and --key go together")
    path = options.folder
    if os.path.isdir(path):
        path = os.path.join(path, "ledger.db")
    try:
        ledger = read_ledger(path)
        print(ledger.verdict())
        waiting = sum(intent[3] == "open" for intent in ledger.intents.values())
        if waiting:
            print(f"note: publications begun and not finished: {waiting}; the next run settles them", file=sys.stderr)
        if options.checkpoint is not None:
            trouble, size = check_checkpoint(ledger, options.checkpoint, options.key)
            if trouble:
                print("checkpoint: DOES NOT HOLD: " + trouble.encode("unicode_escape").decode("ascii"))
                return 4
            print(f"checkpoint: holds; the first {size} entries are those that were signed")
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
