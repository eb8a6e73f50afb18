"""Ways in which a file may be damaged: by accident in its bytes, on purpose in what they mean.

Each takes the bytes of a file and a source of chance, and returns other bytes.
"""

import io
import json
import random
import re
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

Damage = Callable[[bytes, random.Random], bytes]

MOST = 12_000_000
"""Bytes that a member may grow to."""

_SHEET = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "content.xml")
TOKENS = (
    *(b"99999999", b"2000000000", b"18446744073709551616", b"-1", b"1e308", b"NaN", b"&#0;", b"&lol;"),
    *(
        b"A1048576",
        b"XFD1",
        b"XFD1048576",
        b"xfd1048576",
        b"=1+1",
        b"",
        b"\xc3",
        b"<c/>",
        b"0",
        b"x" * 70_000,
    ),
)


def flip(content: bytes, rng: random.Random) -> bytes:
    """Change some bytes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def cut(content: bytes, rng: random.Random) -> bytes:
    """Leave the end out, as a copy that stopped."""
    return content[: rng.randrange(len(content))]


def move(content: bytes, rng: random.Random) -> bytes:
    """Put a piece in another's place."""
    start, length = rng.randrange(len(content)), rng.randint(1, 200)
    at = rng.randrange(len(content))
    return content[:at] + content[start : start + length] + content[at + rng.randint(0, 200) :]


def members_of(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    """Return files as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def inside(*damages: Damage, names: str = "") -> Damage:
    """Return what damages one file inside a zip, which itself stays whole."""

    def damage(content: bytes, rng: random.Random) -> bytes:
        members = members_of(content)
        name = rng.choice(sorted(name for name in members if re.search(names, name)))
        members[name] = rng.choice(damages)(members[name] or b"x", rng)
        return packed(members)

    return damage


def drop_member(content: bytes, rng: random.Random) -> bytes:
    """Leave one file out of the archive."""
    members = members_of(content)
    del members[rng.choice(sorted(members))]
    return packed(members)


def zip_headers(content: bytes, rng: random.Random) -> bytes:
    """Let the headers of a zip claim what is not so: sizes, flags, packing, offsets, names."""
    data = bytearray(content)
    local = {4: "H", 6: "H", 8: "H", 14: "I", 18: "I", 22: "I", 26: "H", 28: "H"}
    central = {
        6: "H",
        8: "H",
        10: "H",
        16: "I",
        20: "I",
        24: "I",
        28: "H",
        30: "H",
        34: "H",
        38: "I",
        42: "I",
    }
    end = {4: "H", 8: "H", 10: "H", 12: "I", 16: "I", 20: "H"}
    for _ in range(rng.randint(1, 4)):
        mark, fields = rng.choice(((b"PK\3\4", local), (b"PK\1\2", central), (b"PK\5\6", end)))
        starts = [found.start() for found in re.finditer(re.escape(mark), content)]
        at, kind = rng.choice(sorted(fields.items()))
        value = rng.choice(
            (0, 1, 8, 12, 0xFFFF, 0xFFFFFFFF, 0xA1ED0000, len(content), rng.randrange(1 << 32))
        )
        if starts:
            size = struct.calcsize(f"<{kind}")
            start = rng.choice(starts) + at
            data[start : start + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    return bytes(data)


def zip_names(content: bytes, rng: random.Random) -> bytes:
    """Give files of a zip odd names, twice the same one, or let one be a link."""
    target = io.BytesIO()
    names = (
        "../a",
        "/etc/a",
        "C:\\a",
        "a" * 60_000,
        "a/" * 300 + "a",
        "\u202egpj",
        "a\nb",
        "con",
        "a\\b",
        ".",
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members_of(content).items():
            odd = rng.choice(names) if rng.random() < 0.3 else name
            info = zipfile.ZipInfo(odd[:60_000])
            if rng.random() < 0.2:
                info.external_attr = 0o120777 << 16
                member = rng.choice((b"/etc/passwd", b"..", b"/dev/zero", name.encode()))
            archive.writestr(info, member)
            if rng.random() < 0.2:
                archive.writestr(f"{name}/child", b"x")
    return target.getvalue()


_TAG = re.compile(rb"<(/?)([A-Za-z_][\w:.-]*)([^<>]*?)(/?)>")
_ATTRIBUTE = re.compile(rb'\s([\w:.-]+)\s*=\s*("[^"]*"|\'[^\']*\')')


def _element(text: bytes, rng: random.Random) -> tuple[int, int]:
    """Return where a random element begins and ends, as far as its tags tell."""
    tags = [tag for tag in _TAG.finditer(text) if not tag[1]]
    if not tags:
        return 0, len(text)
    tag = rng.choice(tags)
    end = tag.end() if tag[4] else text.find(b"</" + tag[2] + b">", tag.end())
    return tag.start(), len(text) if end < 0 else end if tag[4] else end + len(tag[2]) + 3


def _drop_element(text: bytes, rng: random.Random) -> bytes:
    start, end = _element(text, rng)
    return text[:start] + text[end:]


def _repeat_element(text: bytes, rng: random.Random) -> bytes:
    start, end = _element(text, rng)
    times = rng.choice((2, 2, 2, 2, 50, 50, 5_000, 200_000))
    times = max(min(times, MOST // max(end - start, 1)), 2)
    return text[:start] + text[start:end] * times + text[end:]


def _nest_element(text: bytes, rng: random.Random) -> bytes:
    start, end = _element(text, rng)
    tag = _TAG.match(text, start)
    if tag is None:
        return text
    depth = rng.choice((2, 100, 20_000))
    opening, closing_ = b"<" + tag[2] + tag[3] + b">", b"</" + tag[2] + b">"
    return text[:start] + opening * depth + text[start:end] + closing_ * depth + text[end:]


def _drop_tag(text: bytes, rng: random.Random) -> bytes:
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    tag = rng.choice(tags)
    return text[: tag.start()] + text[tag.end() :]


def _rename_element(text: bytes, rng: random.Random) -> bytes:
    tags = list(_TAG.finditer(text))
    if len(tags) < 2:
        return text
    tag, other = rng.sample(tags, 2)
    name = rng.choice((other[2], b"x:" + tag[2], tag[2].rpartition(b":")[2], tag[2] + b"s", tag[2].upper()))
    if rng.random() < 0.5:
        return re.sub(rb"(</?)" + re.escape(tag[2]) + rb"\b", lambda found: found[1] + name, text)
    return text[: tag.start(2)] + name + text[tag.end(2) :]


def _change_attribute(text: bytes, rng: random.Random) -> bytes:
    found = list(_ATTRIBUTE.finditer(text[:5_000_000]))
    if not found:
        return text
    one, other = rng.choice(found), rng.choice(found)
    new = rng.choice(
        (
            b"",
            one[0] + one[0],
            b" " + other[1] + b"=" + one[2],
            b" " + one[1] + b"=" + other[2],
            *[b" " + one[1] + b'="' + rng.choice(TOKENS) + b'"'] * 4,
            b" " + one[1] + b" = '" + one[2][1:-1].lower() + b"'",
            one[0] + b' table:number-columns-repeated="16384" table:number-rows-repeated="1048576"',
            one[0] + b' text:c="2000000000" spans="1:16384" count="2000000000"',
        )
    )
    return text[: one.start()] + new + text[one.end() :]


def _entities(text: bytes, rng: random.Random) -> bytes:
    bomb = b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10))
    outside = rng.choice((b"file:///etc/passwd", b"http://entity.example.net/a", b"/dev/zero"))
    kinds = (b'<!ENTITY l0 "lol">' + bomb, b'<!ENTITY l9 SYSTEM "' + outside + b'">')
    head = b"<!DOCTYPE a [" + rng.choice(kinds) + b"]>"
    start = text.find(b"?>") + 2 if text.startswith(b"<?xml") else 0
    body = text[start:].replace(b"><", b">&l9;<", rng.randint(1, 3))
    return text[:start] + head + body


XML: tuple[Damage, ...] = (
    *(_drop_element, _repeat_element, _nest_element, _drop_tag, _rename_element),
    *[_change_attribute] * 4,
    _entities,
)


def xml(text: bytes, rng: random.Random) -> bytes:
    """Change elements and attributes of XML, a few of them."""
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(XML)(text, rng)
        if len(text) > MOST:
            break
    return text


_VALUE = re.compile(rb'>([^<>]+)<| (?:r|s|t|office:value|office:date-value|table:name)="([^"]*)"')


def swap_values(content: bytes, rng: random.Random) -> bytes:
    """Swap or replace texts, numbers and references of cells; what holds them stays well formed."""
    members = members_of(content)
    name = rng.choice([name for name in members if name in _SHEET])
    text = members[name]
    for _ in range(rng.randint(1, 6)):
        spans = [found.span(found.lastindex or 0) for found in _VALUE.finditer(text)]
        first, second = sorted(rng.sample(spans, 2))
        left, right = text[slice(*first)], text[slice(*second)]
        if rng.random() < 0.15:
            left = rng.choice((*TOKENS[:-4], b"M\xe1\xba\xadt", b"031085001234", b"T\xe1\xbb\x95ng"))
        text = text[: first[0]] + right + text[first[1] : second[0]] + left + text[second[1] :]
    members[name] = text
    return packed(members)


def swap_text(content: bytes, rng: random.Random) -> bytes:
    """Swap cells of a csv file, and put odd ones in."""
    separator = next((mark for mark in (b"\t\0", b";", b",") if mark in content), b",")
    parts = content.split(separator)
    for _ in range(rng.randint(1, 6)):
        first, second = rng.randrange(len(parts)), rng.randrange(len(parts))
        parts[first], parts[second] = parts[second], parts[first]
        if rng.random() < 0.4:
            parts[first] = rng.choice((*TOKENS, b'"', b"\r\n", b"\x00", b"031085001234", b"M\xe1\xba\xadt"))
    return separator.join(parts)


def _places(node: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return every place in a JSON value: what holds it, and its key or index."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        found.append((node, key))
        _places(value, found)
    return found


def json_nodes(content: bytes, rng: random.Random) -> bytes:
    """Drop, double, swap or replace values of JSON, name a system of another host, or nest without end."""
    told = json.loads(content)
    for _ in range(rng.randint(1, 4)):
        places = _places(told, [])
        (holder, key), (other, second) = rng.choice(places), rng.choice(places)
        odd: tuple[Any, ...] = (
            None,
            "",
            -1,
            1e308,
            [],
            {},
            "x" * 70_000,
            True,
            [[[]]],
            [1e400],
            "Lê Chân",
            list(range(9999)),
        )
        chance = rng.random()
        if chance < 0.2:
            del holder[key]
        elif chance < 0.4:
            holder[key] = json.loads(json.dumps(other[second])) if second in _keys(other) else None
        elif chance < 0.5 and isinstance(holder, list):
            holder.extend([holder[key]] * rng.choice((1, 50, 20_000)))
            break  # what is repeated once is large enough
        else:
            holder[key] = rng.choice(odd)
    if rng.random() < 0.1 and isinstance(told, dict):
        href = rng.choice(
            ("http://crs.example.net/a", "/vsicurl/http://crs.example.net/a", "file:///etc/passwd")
        )
        told["crs"] = {"type": "link", "properties": {"href": href, "type": "proj4"}}
    text = json.dumps(told, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")
    if rng.random() < 0.1:
        depth = rng.choice((50, 2_000, 200_000))
        text = text.replace(b"[", b"[" * depth, 1) if rng.random() < 0.5 else b'{"a":' * depth + text
    return text[:MOST]


def _keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def sqlite_pages(content: bytes, rng: random.Random) -> bytes:
    """Change pages of a SQLite file: their heads, the pointers in them, one in another's place, the end."""
    size = int.from_bytes(content[16:18], "big") or 4096
    size = 65536 if size == 1 else size
    data = bytearray(content)
    pages = len(data) // size
    for _ in range(rng.randint(1, 3)):
        page = rng.randrange(pages) * size
        chance = rng.random()
        if chance < 0.3:
            at = page + (100 if page == 0 else 0) + rng.randrange(12)
            data[at] = rng.choice((0, 2, 5, 10, 13, 255, rng.randrange(256)))
        elif chance < 0.5:
            at = page + rng.randrange(8, 60)
            data[at : at + 2] = rng.randrange(1 << 16).to_bytes(2, "big")
        elif chance < 0.7:
            other = rng.randrange(pages) * size
            data[page : page + size] = data[other : other + size]
        elif chance < 0.85:
            data[rng.randrange(100)] = rng.randrange(256)
        else:
            del data[page + rng.choice((0, 1, size // 2)) :]
            return bytes(data) or b"SQLite format 3\0"
    return bytes(data)


_STATEMENTS = (
    "DROP TABLE gpkg_spatial_ref_sys",
    "DROP TABLE gpkg_geometry_columns",
    "UPDATE gpkg_geometry_columns SET srs_id = 999999, geometry_type_name = 'POINT'",
    "UPDATE gpkg_contents SET table_name = 'x' || table_name",
    "UPDATE gpkg_contents SET data_type = 'tiles'",
    "UPDATE gpkg_spatial_ref_sys SET definition = 'http://crs.example.net/a'",
    "UPDATE {table} SET {geometry} = zeroblob(20000000)",
    "UPDATE {table} SET {geometry} = substr({geometry}, 1, 30)",
    "UPDATE {table} SET {geometry} = substr({geometry}, 1, 40) || x'ffffffff' || substr({geometry}, 44)",
    "UPDATE {table} SET {name} = zeroblob(30000000)",
    "UPDATE {table} SET {name} = x'c328'",
    "ALTER TABLE {table} RENAME COLUMN {name} TO 'x''\"y'",
    "CREATE TRIGGER t AFTER INSERT ON {table} BEGIN SELECT load_extension('/tmp/x'); END",
    "DELETE FROM {table}",
    "INSERT INTO {table} SELECT NULL, {columns} FROM {table}, (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
    "SELECT x + 1 FROM c LIMIT 20000) SELECT x FROM c)",
    "DROP TABLE {table}; CREATE VIEW {table} AS WITH RECURSIVE c(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 "
    "FROM c) SELECT fid, NULL AS {geometry}, 'x' AS {name} FROM c",
    "PRAGMA user_version = 99; PRAGMA application_id = 1",
    "PRAGMA journal_mode = WAL",
)


def geopackage_tables(content: bytes, rng: random.Random) -> bytes:
    """Change what the tables of a GeoPackage say, its layer among them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        path.write_bytes(content)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            table, geometry = database.execute(
                "SELECT table_name, column_name FROM gpkg_geometry_columns"
            ).fetchone()
            for (trigger,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                database.execute(f'DROP TRIGGER "{trigger}"')
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')][1:]
            name = next(column for column in columns if column != geometry)
            for statement in rng.sample(_STATEMENTS, rng.randint(1, 2)):
                with suppress(sqlite3.Error):
                    database.executescript(
                        statement.format(
                            table=table, geometry=geometry, name=name, columns=", ".join(columns)
                        )
                    )
        return path.read_bytes()


def shapefile_numbers(content: bytes, rng: random.Random) -> bytes:
    """Let heads and records of a Shapefile claim other sizes, kinds and counts."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.choice((24, 32, 100, 104, 108, 112, 144, 148, 152, 156, rng.randrange(len(data))))
        value = rng.choice((0, 1, 5, 31, 15, 0x7FFFFFFF, 0xFFFFFFFF, 1_000_000, rng.randrange(1 << 32)))
        data[at : at + 4] = value.to_bytes(4, rng.choice(("big", "little")))
    return bytes(data[: len(content)])
