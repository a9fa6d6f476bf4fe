# SPDX-License-Identifier: GPL-3.0-or-later
"""The cleansing section of scripts/bench: a row for each format, against peers over the same file, in interleaved rounds.

photogate's figure is what a photo costs within a run (tests/bench/bench_cleanse): its libraries are loaded once a run. A peer's
is the CPU time of its own process or processes. Files other than the drawn JPEGs are made of one of them by jpegtran and vips.
"""
import pathlib
import shutil
import statistics

JPEG_COPIES = 4     # a few milliseconds each: several to a figure
FOREIGN_ROUNDS = 3  # of formats that take seconds
PACKAGES = {"jpegtran": "libjpeg-turbo-progs", "exiftool": "libimage-exiftool-perl", "mat2": "mat2", "vips": "libvips-tools"}
PEERS = ("cp", "jpegtran", "jpegtran -rotate", "exiftool", "mat2", "vips")

# What vips writes each file with. Quality and effort are those of cameras, or the fastest that look as well.
FOREIGN = (("PNG", "photo.png", ""), ("HEIC", "photo.heic", "[Q=80,effort=0]"), ("AVIF", "photo.avif", "[Q=70,effort=0]"),
           ("WebP", "photo.webp", "[Q=85,effort=1]"), ("TIFF", "photo.tif", "[compression=lzw]"),
           ("GIF", "photo.gif", "[effort=1]"))


class Row:
    def __init__(self, name, files, is_jpeg=False, is_turned=False):
        self.name, self.files, self.is_jpeg, self.is_turned = name, files, is_jpeg, is_turned
        self.rounds = []  # of each: {contestant: milliseconds a photo}

    def median(self, who):
        found = [r[who] for r in self.rounds if who in r]
        return statistics.median(found) if found else None

    def ratio(self, parts, peer):
        """Of what photogate took to what the peer took in the same round, the median of the rounds."""
        found = [sum(r[p] for p in parts) / r[peer] for r in self.rounds if r.get(peer)]
        return statistics.median(found) if found else None


class FormatBench:
    def __init__(self, build, tmp, rounds, run, unusable):
        self.program, self.folder, self.n_rounds = build / "tests/bench/bench_cleanse", tmp / "formats", rounds
        self.tmp, self.run, self.unusable = tmp, run, unusable
        self.missing = [f"{p} ({package})" for p, package in PACKAGES.items() if not shutil.which(p)]
        self.skipped = []

    # --- the files ---

    def make(self, upright, turned):
        """`upright`, `turned`: drawn JPEGs of 12 megapixels."""
        self.folder.mkdir()
        self.rows = [Row("JPEG, upright", self.copies(upright, "upright"), is_jpeg=True),
                     Row("JPEG, turned", self.copies(turned, "turned"), is_jpeg=True, is_turned=True)]
        if shutil.which("jpegtran"):
            to = self.folder / "progressive.jpg"
            self.run(["jpegtran", "-copy", "all", "-progressive", "-outfile", to, upright])
            self.rows.append(Row("JPEG, progressive", self.copies(to, "progressive"), is_jpeg=True))
        else:
            self.skipped.append("JPEG, progressive: jpegtran makes the file")
        for name, file, options in FOREIGN:
            if not shutil.which("vips"):
                self.skipped.append(f"{name}: vips makes the file")
                continue
            try:
                self.run(["vips", "copy", upright, f"{self.folder / file}{options}"])
                self.rows.append(Row(name, [self.folder / file]))
            except self.unusable as e:
                self.skipped.append(f"{name}: {str(e).splitlines()[0]}")

    def copies(self, photo, name):
        return [pathlib.Path(shutil.copyfile(photo, self.folder / f"{name}-{n}{photo.suffix}")) for n in range(JPEG_COPIES)]

    # --- contestants: each takes all files of a row once, and returns milliseconds a photo by name ---

    def ours(self, row, _):
        told = self.run([self.program, *row.files]).output
        return {name: float(ms) for name, ms in (line.split("\t") for line in told.splitlines())}

    def timed(self, name, commands, row, **more):
        return {name: sum(self.run(c, **more).cpu_ms for c in commands) / len(row.files)}

    def cp(self, row, to):
        return self.timed("cp", [["cp", *row.files, to]], row)

    def jpegtran(self, row, to, name="jpegtran", turn=()):
        return self.timed(name, [["jpegtran", "-copy", "none", *turn, "-outfile", to / f.name, f] for f in row.files], row)

    def jpegtran_rotate(self, row, to):
        return self.jpegtran(row, to, "jpegtran -rotate", ("-rotate", "90"))

    def exiftool(self, row, to):
        return self.timed("exiftool", [["exiftool", "-q", "-q", "-all=", "-overwrite_original", *self.own(row, to)]], row)

    def mat2(self, row, to):
        return self.timed("mat2", [["mat2", "--inplace", *self.own(row, to)]], row)

    def vips(self, row, to):
        suffix = ".png[strip]" if row.name == "PNG" else ".jpg[strip,Q=90]"
        return self.timed("vips", [["vips", "autorot", f, f"{to / f.stem}{suffix}"] for f in row.files], row)

    def own(self, row, to):
        return [shutil.copyfile(f, to / f.name) for f in row.files]

    def contestants(self, row):
        peers = [self.cp, self.exiftool, self.mat2, self.vips]
        peers += [self.jpegtran] if row.is_jpeg else []
        peers += [self.jpegtran_rotate] if row.is_turned else []
        return [self.ours] + [p for p in peers if p == self.cp or shutil.which(p.__name__.split("_")[0])]

    # --- measuring ---

    def measure(self):
        for row in self.rows:
            contestants = self.contestants(row)
            for r in range(self.n_rounds if row.is_jpeg else min(self.n_rounds, FOREIGN_ROUNDS)):
                figures = {}
                for who in contestants[r % len(contestants):] + contestants[:r % len(contestants)]:
                    to = self.tmp / "cleansed"
                    to.mkdir()
                    try:
                        figures.update(who(row, to))
                    except self.unusable:
                        if who == self.ours:
                            raise
                    shutil.rmtree(to)
                row.rounds.append(figures)

    # --- telling ---

    def report(self):
        yield ""
        yield f"{'cleansing, 12 megapixels':<26}{'ms':>9}  {''.join(f'{p:>17}' for p in PEERS)}"
        for row in self.rows:
            yield self.line(row.name, row, ("cleanse",))
            if row.is_jpeg:
                yield self.line("  and decoded for faces", row, ("cleanse", "decode"))
        yield "ms: CPU time of photogate for the digests, the release with its proof, and both looks at it; decoding for faces"
        yield "apart, where it is not needed to cleanse. Peers: their CPU time, and in brackets how much photogate takes for"
        yield "each 1 of theirs. They are: cp; jpegtran -copy none; jpegtran -copy none -rotate 90; exiftool -all=; mat2; vips"
        yield "autorot, which encodes anew, as photogate does from HEIC down. -: not for this format, or it failed."
        for line in self.skipped:
            yield f"skipped {line}"
        if self.missing:
            yield f"not installed: {', '.join(self.missing)}; scripts/install-deps bench"

    @staticmethod
    def line(name, row, parts):
        cells = ""
        for peer in PEERS:
            ms, ratio = row.median(peer), row.ratio(parts, peer)
            cells += f"{f'{ms:.1f} ({ratio:.2f})' if ms and ratio else '-':>17}"
        return f"{name:<26}{sum(row.median(p) for p in parts):>9.1f}  {cells}".rstrip()
