# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests share: a made-up school in a folder of its own, the program, and lines of results.

    tests/e2e/SCRIPT BUILD-FOLDER FIXTURE-PHOTOS

Each script prints "ok NAME", "FAILED NAME: why" or "skipped NAME: why", a line for each test, and ends with 1 if one failed.
"""

import hashlib
import datetime
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import pictures

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What no output of the program may ever hold.
CRASH = re.compile(
    r"Segmentation|core dumped|AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:|Assertion|"
    r"stack smashing|buffer overflow|terminate called|free\(\)|malloc\(\)|a fault in photogate"
)

PUPILS = """\
admission_no,legal_forename,legal_surname,date_of_birth,year_group,reg_group,on_roll,do_not_publish,child_objection,\
photo_website,photo_social_media,photo_press,photo_displays,name_with_photo,consent_given_by,consent_date,consent_expiry,\
consent_method,notice_version
1001,Amara,Okafor,2017-05-03,4,4F,yes,no,no,yes,yes,no,yes,no,mother,@CONSENT@,,form,1
1002,Tomasz,Berriman,2016-11-14,4,4F,yes,no,no,no,no,no,yes,no,father,@CONSENT@,,form,1
1003,Zoya,Lindqvist,2018-02-02,3,3F,yes,yes,no,yes,yes,no,yes,no,mother,@CONSENT@,,form,1
"""
STAFF = "title,forename,surname,role,consent\nMrs,Helen,Marsham,Head teacher,yes\n"


class Failed(Exception):
    """A test found what must not be."""


class Skipped(Exception):
    """A test cannot run on this computer; the reason is printed."""


def check(condition, why):
    if not condition:
        raise Failed(why)


class Ended:
    """How a program ended, and what it said."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def show(self):
        lines = [line for line in (self.out + self.err).splitlines() if line.strip()]
        return f"exit {self.code}; " + " / ".join(lines[-4:])[-400:]

    def must(self, *codes, err=None, out=None):
        """It ended with one of the codes and said what it should; it did not crash."""
        check(not CRASH.search(self.err), f"it crashed: {self.show()}")
        check(self.code in codes, f"exit {self.code}, not {codes}: {self.show()}")
        check(err is None or re.search(err, self.err), f"stderr says nothing like '{err}': {self.show()}")
        check(out is None or re.search(out, self.out), f"stdout says nothing like '{out}': {self.show()}")
        return self


def finished(process, timeout=120):
    """Wait for a started program; one that hangs is killed with all it started, and is a failure."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Failed(f"not done after {timeout} s") from None
    return Ended(process.returncode, (out or b"").decode("utf-8", "replace"), (err or b"").decode("utf-8", "replace"))


class Gate:
    """The program of one build, and a place to work in."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.program = os.path.join(self.build, "photogate")
        self.room = tempfile.mkdtemp(prefix="photogate-e2e-")
        self.environment = {
            k: v for k, v in os.environ.items() if k not in ("PHOTOGATE_HOME", "PHOTOGATE_FACE_MODEL")
        }
        self.environment.update(PHOTOGATE_FACE_MODEL="none", LC_ALL="C.UTF-8")
        self.pattern = None

    def path(self, *parts):
        return os.path.join(self.room, *parts)

    def close(self):
        for top, folders, _ in os.walk(self.room):
            for name in folders:
                if not os.path.islink(os.path.join(top, name)):
                    os.chmod(os.path.join(top, name), 0o700)
        shutil.rmtree(self.room, ignore_errors=True)

    def start(self, *args, wrapper=(), environment=None, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("stdout", subprocess.PIPE)
        how.setdefault("stderr", subprocess.PIPE)
        env = dict(self.environment, **(environment or {}))
        return subprocess.Popen([*wrapper, self.program, *args], env=env, start_new_session=True, **how)

    def say(self, *args, **how):
        return finished(self.start(*args, **how))

    def school(self, name):
        """A fresh school's folder with its register imported: a copy of one made once."""
        if self.pattern is None:
            self.pattern = self.path("pattern")
            for file, text in (("pupils.csv", PUPILS.replace("@CONSENT@", day_before(60))), ("staff.csv", STAFF)):
                with open(self.path(file), "w", encoding="utf-8") as f:
                    f.write(text)
            self.say("init", self.pattern, "--name", "Larkfield Primary School").must(0)
            self.say(
                "--home", self.pattern, "import", "--yes", "--date", day_before(30), self.path("pupils.csv"),
                self.path("staff.csv"),
            ).must(0)
        folder = self.path(name)
        shutil.copytree(self.pattern, folder)  # keeps the modes
        return School(self, folder)


def day_before(days):
    """Consents lapse with age: those of the tests are always fresh."""
    return (datetime.date.today() - datetime.timedelta(days)).isoformat()


class School:
    def __init__(self, gate, folder):
        self.gate, self.folder = gate, folder

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def say(self, *args, **how):
        return self.gate.say("--home", self.folder, *args, **how)

    def run(self, intake, *more, **how):
        # One examiner: starting them is most of a short run.
        return self.say("run", "--batch", "batch", "--jobs", "1", *more, intake, **how)

    def start_run(self, intake, *more, **how):
        return self.gate.start("--home", self.folder, "run", "--batch", "batch", *more, intake, **how)

    def published(self):
        """The SHA-256 of each published photo, by name."""
        folder = self.path("approved", "batch")
        if not os.path.isdir(folder):
            return {}
        return {
            name: sha256_of(os.path.join(folder, name)) for name in os.listdir(folder) if name.startswith("photo-")
        }

    def independent(self, *more):
        script = os.path.join(TREE, "scripts", "ledger_verify.py")
        process = subprocess.Popen(
            [sys.executable, script, self.folder, "--approved", self.path("approved"), *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )
        return finished(process)

    def verify(self):
        """The ledger is whole and approved/ is what it names, say both verifiers."""
        self.say("verify").must(0)
        self.independent().must(0)


def sha256_of(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else \
            hashlib.sha256(f.read()).hexdigest()


def snapshot(folder):
    """Everything about a folder that a reader must not change."""
    facts = {}
    for top, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            where = os.path.join(top, name)
            s = os.lstat(where)
            digest = sha256_of(where) if os.path.isfile(where) and not os.path.islink(where) else ""
            facts[where] = (s.st_mode, s.st_size, s.st_mtime_ns, s.st_ino, s.st_nlink, digest)
    return facts


def intake(folder, n, size=(160, 120), suffix="jpg"):
    """A folder of `n` pictures without people, each with its row in photos.csv: all are approved."""
    os.makedirs(folder, exist_ok=True)
    rows = ["filename,no_pupils_identifiable"]
    for i in range(n):
        name = f"garden-{i:03}.{suffix}"
        write(os.path.join(folder, name), pictures.jpeg(i, *size) if suffix == "jpg" else pictures.png(i, *size))
        rows.append(f"{name},yes")
    write(os.path.join(folder, "photos.csv"), "\n".join(rows + [""]))
    return folder


def write(path, content):
    with open(path, "wb") as f:
        f.write(content.encode() if isinstance(content, str) else content)
    return path


def report(tests, gate):
    """Run each (name, function); print its line. Returns the exit code."""
    failed = 0
    try:
        for name, test in tests:
            try:
                test(gate)
                print(f"ok {name}", flush=True)
            except Skipped as why:
                print(f"skipped {name}: {why}", flush=True)
            except Failed as why:
                print(f"FAILED {name}: {why}", flush=True)
                failed = 1
            except Exception as fault:  # the test's own fault is a failure too, and the others still run
                print(f"FAILED {name}: {type(fault).__name__}: {fault}", flush=True)
                failed = 1
    finally:
        gate.close()
    return failed


def main(tests):
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(report(tests, Gate(sys.argv[1])))
