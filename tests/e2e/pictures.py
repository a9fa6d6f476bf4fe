# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pictures made of nothing but the standard library, for tests that need many that differ, or a damaged one.

The JPEGs are baseline, grey, and hold only the DC coefficient of each block: flat squares of 8 x 8 pixels. No detector sees a
face in them. source  ITU-T T.81, Annex F.1.2.1 and K.3
"""

import random
import struct
import zlib

# T.81 table K.3, luminance DC: how many codes of each length, and for which sizes.
DC_COUNTS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
DC_SIZES = bytes(range(12))
EOB = (0, 1)  # the one AC code there is: end of block


def _codes(counts, values):
    codes, code, at = {}, 0, 0
    for length, n in enumerate(counts, 1):
        for _ in range(n):
            codes[values[at]] = (code, length)
            code, at = code + 1, at + 1
        code <<= 1
    return codes


class _Bits:
    def __init__(self):
        self.out, self.value, self.n = bytearray(), 0, 0

    def put(self, value, n):
        self.value, self.n = self.value << n | value, self.n + n
        while self.n >= 8:
            self.n -= 8
            byte = self.value >> self.n & 0xFF
            self.out += b"\xff\x00" if byte == 0xFF else bytes([byte])
        self.value &= (1 << self.n) - 1

    def end(self):
        if self.n:
            self.put((1 << (8 - self.n)) - 1, 8 - self.n)
        return bytes(self.out)


def _segment(marker, payload):
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def jpeg(seed, width=160, height=120, claimed=None, extra=b""):
    """A whole JPEG whose squares depend on `seed`. `claimed` is a size to lie about; `extra` are segments to add."""
    noise = random.Random(seed)
    shown_w, shown_h = claimed or (width, height)
    codes = _codes(DC_COUNTS, DC_SIZES)
    bits, before = _Bits(), 0
    level = 0
    for _ in range((width + 7) // 8 * ((height + 7) // 8)):
        level = max(-60, min(60, level + noise.randint(-6, 6)))
        difference, before = level - before, level
        size = abs(difference).bit_length()
        bits.put(*codes[size])
        if size:
            bits.put(difference if difference > 0 else difference + (1 << size) - 1, size)
        bits.put(*EOB)
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            extra,
            _segment(0xDB, b"\0" + bytes([16]) * 64),
            _segment(0xC0, struct.pack(">BHHB", 8, shown_h, shown_w, 1) + b"\x01\x11\0"),
            _segment(0xC4, b"\0" + DC_COUNTS + DC_SIZES),
            _segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
            _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            bits.end(),
            b"\xff\xd9",
        ]
    )


def chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def png(seed, width=64, height=48, extra=b""):
    """A grey PNG of noise; `extra` are chunks to add before the picture."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(width) for _ in range(height))
    return png_of(width, height, zlib.compress(rows, 1), extra)


def png_of(width, height, data, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join([b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), extra, chunk(b"IDAT", data), chunk(b"IEND", b"")])


def zeros(n):
    """`n` zero bytes, compressed, without ever holding them at once."""
    squeeze, block = zlib.compressobj(9), bytes(1 << 20)
    parts = [squeeze.compress(block) for _ in range(n >> 20)]
    parts.append(squeeze.compress(bytes(n & ((1 << 20) - 1))))
    return b"".join(parts) + squeeze.flush()


if __name__ == "__main__":
    import sys

    KIND, SEED = sys.argv[1], int(sys.argv[2])
    sys.stdout.buffer.write({"jpeg": jpeg, "png": png}[KIND](SEED))
