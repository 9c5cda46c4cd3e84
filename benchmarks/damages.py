"""How files are damaged for `fuzz.py`: as transfers, disks and programs damage them, and as somebody does who means harm.

All chance comes from the generator that is given: the same one damages the same file in the same way.
"""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable

_LARGEST = 300_000  # bytes that are put in at once

_NUMBER = re.compile(rb"-?\d+")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_HEADER = re.compile(rb"(?m)^([!-9;-~]+):[ \t]*(.*(?:\r?\n[ \t].*)*)")
_TAG = re.compile(rb"<[^<>!?]*>")
_VALUE = re.compile(rb'="[^"]*"')

_NUMBERS = b"0 -1 1 65536 2147483647 -2147483648 4294967296 99999999999 1e308 nan 18446744073709551616".split()
_VALUES = [
    b"",
    b"-1",
    b"0",
    b"999999999999",
    b"1e9",
    b"x",
    b"true",
    b"none",
    b"../../x",
    b"rId1",
    b"heading 1",
    b"\xff",
]
_NASTY = b'&#xD800; &#0; &#x110000; &lol; ]]> <![CDATA[ <!-- \0 \xff\xfe \xed\xa0\x80 " <v> --'.split()
_NASTY += (
    b"charset=utf-7 =?utf-8?q?=ff?= =?x?b?%%%?= endobj endstream xref \\u-10000? \\bin999999999 \\' \x1b[2J".split()
)
_NASTY += b"<!DOCTYPE|x|[<!ENTITY|lol|'ha'>]> /Kids|[1|0|R] /Length|999999999".split()
_NASTY += b"From| 99:99:99.999|-->|00:00:00.000 \r \r\n\r\n".split(b" ")
_NASTY += ["\u202e\u200b\ufeff\u2028\x85\u0301".encode(), "\U0010ffff\ud7ff\uffff".encode()]
_NASTY = [token.replace(b"|", b" ") for token in _NASTY] + [
    nest * 600 for nest in (b"<p>", b"{", b"(", b"[", b">", b"- ")
]
_HEADERS = b"""multipart/mixed; boundary=
multipart/mixed; boundary=--
multipart/alternative; boundary="x
message/rfc822
text/html; charset=x-none
text/plain; charset=utf-16
base64
quoted-printable
x-uuencode
Fri, 99 Foo 99999 99:99:99 +9999
@,;:<>()
\xc4 <\xff@x>
=?utf-16?b?2AA=?=
attachment; filename=../../x.eml
attachment; filename*=x''%ff%fe.pdf""".split(b"\n")
_HEADERS += [b"<" * 500, b'"' * 99, b"a@b, " * 500]

_PACKAGES = b"PK\x03\x04"
_MARKUP = (".xml", ".rels", "html", ".opf", ".ncx")
MAILS = (".eml", ".mbox", ".mht", ".mhtml")

Damage = Callable[[bytes, bytes, random.Random], bytes]
"""Bytes, those of another file of the format, and chance, to bytes that are damaged."""


def damaged(data: bytes, other: bytes, is_mail: bool, chance: random.Random) -> bytes:
    """The bytes of a file, damaged in one to four ways, from outside or within."""
    within = chance.random() < (0.8 if data.startswith(_PACKAGES) else 0.5)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if within and data.startswith(_PACKAGES):
            data = _package_damaged(data, other, chance)
        elif within and data.startswith(b"%PDF"):
            data = _stream_damaged(data, other, chance)
        elif within and is_mail:
            data = _headers_damaged(data, chance)
        else:
            data = chance.choice(_DAMAGES)(data, other, chance)
    return data


def _place(data: bytes, chance: random.Random) -> tuple[int, int]:
    """A stretch of the bytes, short ones and long ones alike likely."""
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(len(data) ** chance.random()))


def _bits_turned(data: bytes, other: bytes, chance: random.Random) -> bytes:
    bits = bytearray(data)
    for _ in range(chance.choice((1, 4, 16, 64)) if bits else 0):
        bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
    return bytes(bits)


def _cut_off(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] if chance.random() < 0.7 else data[end:]


def _doubled(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    times = min(chance.choice((1, 1, 2, 50, 2000)), _LARGEST // (end - start + 1))
    return data[:end] + data[start:end] * times + data[end:]


def _taken_out(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + data[end:]


def _moved(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    rest, to = data[:start] + data[end:], chance.randrange(len(data) - (end - start) + 1)
    return rest[:to] + data[start:end] + rest[to:]


def _overwritten(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    filler = chance.choice((b"\0", b"\xff", b" ", b"A", None))
    return data[:start] + (filler * (end - start) if filler else chance.randbytes(end - start)) + data[end:]


def _joined(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = _place(other, chance)
    at, to = _place(data, chance)
    return data[:at] + other[start : end if chance.random() < 0.5 else None] + data[to:]


def _numbers_huge(data: bytes, other: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    for number in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 20)))), key=lambda m: -m.start()):
        data = data[: number.start()] + chance.choice(_NUMBERS) + data[number.end() :]
    return data


def _nasty(data: bytes, other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 5))):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(_NASTY) + data[at:]
    return data


_DAMAGES: tuple[Damage, ...] = (
    _bits_turned,
    _cut_off,
    _doubled,
    _taken_out,
    _moved,
    _overwritten,
    _joined,
    _numbers_huge,
    _nasty,
)


def _package_damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A part damaged, left out, swapped with another, or put in twice; the rest is packed as it was."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(info.filename, package.read(info)) for info in package.infolist()]
    except Exception:  # noqa: BLE001 - it was damaged before
        return chance.choice(_DAMAGES)(data, other, chance)
    if not parts:
        return data
    texts = [n for n, (name, _) in enumerate(parts) if name.endswith(_MARKUP)]
    at = chance.choice(texts if texts and chance.random() < 0.9 else range(len(parts)))
    (name, part), second = parts[at], chance.randrange(len(parts))
    match chance.choices(("damaged", "left out", "swapped", "twice"), (7, 1, 1, 1))[0]:
        case "damaged":
            damage = chance.choice((*_DAMAGES, _tags_damaged, _tags_damaged, _tags_damaged, _values_changed))
            parts[at] = (name, damage(part, parts[second][1], chance))
        case "left out":
            del parts[at]
        case "swapped":
            parts[at], parts[second] = (name, parts[second][1]), (parts[second][0], part)
        case _:
            parts.insert(second, (chance.choice((name, f"../{name}", name.upper(), "/etc/x.xml")), part))
    return _packed(parts)


def _packed(parts: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice
        for name, part in parts:
            package.writestr(name, part)
    return file.getvalue()


def _tags_damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """An element left out, doubled, nested, put elsewhere, without its attributes: XML that is whole, but makes no sense."""
    tags = [m for m in _TAG.finditer(data) if not m[0].startswith(b"</")]
    if not tags:
        return data
    tag = chance.choice(tags)
    element = _element(data, tag)
    before, after = data[: tag.start()], data[tag.start() + len(element) :]
    name = re.match(rb"<([^\s/>]*)", tag[0])[1]
    elsewhere = chance.choice(tags)
    match chance.randrange(6):
        case 0:
            return before + after
        case 1:
            return before + element * min(chance.choice((2, 3, 100)), 1 + _LARGEST // len(element)) + after
        case 2:
            depth = chance.choice((1, 30, 200, 2000))
            return before + b"<%s>" % name * depth + element + b"</%s>" % name * depth + after
        case 3:
            return data[: elsewhere.end()] + element + data[elsewhere.end() :]
        case 4:
            return before + re.sub(rb'\s[\w:.-]+="[^"]*"', b"", element, count=chance.choice((0, 1))) + after
        case _:
            return before + _element(data, elsewhere) + after


def _values_changed(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The values of some attributes made others."""
    found = list(_VALUE.finditer(data))
    for value in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 20)))), key=lambda m: -m.start()):
        data = data[: value.start()] + b'="%s"' % chance.choice(_VALUES) + data[value.end() :]
    return data


def _element(data: bytes, tag: re.Match[bytes]) -> bytes:
    """An element, from its tag to the end tag that belongs to it; the tag alone where there is none."""
    if tag[0].endswith(b"/>"):
        return tag[0]
    name = re.escape(re.match(rb"<([^\s/>]*)", tag[0])[1])
    depth = 0
    for other in re.finditer(rb"<(/?)%s(?:\s[^<>]*?)?(/?)>" % name, data[tag.start() :]):
        depth += 0 if other[2] else -1 if other[1] else 1
        if depth == 0:
            return data[tag.start() : tag.start() + other.end()]
    return tag[0]


def _stream_damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A stream of a PDF damaged in what it holds; its length is set right where it is told beside it."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return chance.choice(_DAMAGES)(data, other, chance)
    stream = chance.choice(streams)
    try:
        within, pack = zlib.decompress(stream[1]), zlib.compress
    except zlib.error:
        within, pack = stream[1], bytes
    body = pack(chance.choice(_DAMAGES)(within, other, chance))
    head = re.sub(
        rb"/Length \d+(?! \d+ R)(?=[^/]*$)",
        b"/Length %d" % len(body),
        data[max(0, stream.start() - 200) : stream.start()],
    )
    return data[: max(0, stream.start() - 200)] + head + b"stream\n" + body + b"\nendstream" + data[stream.end() :]


def _headers_damaged(data: bytes, chance: random.Random) -> bytes:
    headers = list(_HEADER.finditer(data))
    if not headers:
        return data
    header, other = chance.choice(headers), chance.choice(headers)
    line = header[0]
    match chance.randrange(5):
        case 0:
            line = b""
        case 1:
            line = header[0] + b"\n" + header[0]
        case 2:
            line = header[1] + b": " + chance.choice(_HEADERS)
        case 3:
            line = header[1] + b": " + other[2]
        case _:
            line = header[1] + b": " + chance.choice(_DAMAGES)(header[2], other[2], chance)
    return data[: header.start()] + line + data[header.end() :]
