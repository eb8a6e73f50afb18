"""Write the pages of docs/ that are made from the program: commands, layers, settings, the list of decisions.

Run: python -m tools.reference. A test compares what is committed with what this makes.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandera.pandas as pandera

from geodata.contract.descriptions import in_vietnamese
from geodata.contract.layers import LAYERS, Layer

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
COMMANDS = "etl.cli"
"""The module of the command line; its ``app`` is the program."""

TYPES = {
    "string": ("văn bản", "text"),
    "float": ("số", "number"),
    "int": ("số nguyên", "whole number"),
    "datetime": ("ngày", "date"),
    "bool": ("có hoặc không", "yes or no"),
}
"""How the types of columns are called, by the beginning of pandas' name."""

COMMAND_WORDS = {
    "**Usage**": "**Cách dùng**",
    "**Arguments**": "**Đối số**",
    "**Options**": "**Tùy chọn**",
    "**Commands**": "**Các lệnh**",
    "[required]": "[bắt buộc]",
    "[default: ": "[mặc định: ",
    "Show this message and exit.": "Hiện hướng dẫn này rồi thoát.",
}
"""What Typer writes by itself, in Vietnamese."""

SETTINGS = (
    (
        "PILOT_WARDS_HOME",
        (
            "`var/` khi chạy từ mã nguồn; đã cài bằng pip thì `~/.local/share/pilot-wards`",
            "`var/` of a checkout; `~/.local/share/pilot-wards` of a program that pip installed",
        ),
        (
            "Thư mục dữ liệu của bản cài đặt: kho dữ liệu, ranh giới đã tiếp nhận, GeoPackage, mạng đường",
            "The folder of all that is kept and made: the store, adopted boundaries, GeoPackage, streets",
        ),
    ),
    (
        "PILOT_WARDS_GPKG",
        ("`built/haiphong.gpkg` trong đó", "`built/haiphong.gpkg` in it"),
        ("GeoPackage được dựng và hiển thị", "The GeoPackage that is built and shown"),
    ),
    (
        "PILOT_WARDS_DATABASE",
        ("`store.sqlite` trong đó", "`store.sqlite` in it"),
        (
            "Kho dữ liệu: `postgresql+psycopg://…` nếu dùng PostgreSQL",
            "The store: `postgresql+psycopg://…` where it is PostgreSQL",
        ),
    ),
    (
        "PILOT_WARDS_STORE",
        ("`batches/` trong đó", "`batches/` in it"),
        ("Thư mục lô của phiên bản 0.2", "The folder of batches of version 0.2"),
    ),
    (
        "PILOT_WARDS_PASSPHRASE",
        ("không có", "none"),
        (
            "Tệp có dòng đầu là mật khẩu của bản sao lưu; nếu không có thì hỏi",
            "A file whose first line is the passphrase of backups; else it is asked for",
        ),
    ),
    (
        "PILOT_WARDS_NETWORK",
        ("`network.npz` cạnh GeoPackage", "`network.npz` beside the GeoPackage"),
        ("Mạng đường để tính lộ trình", "The street network that routes follow"),
    ),
    (
        "PILOT_WARDS_BOUNDARIES",
        ("không có", "none"),
        (
            "Thư mục ranh giới khác, tìm sau ranh giới đã tiếp nhận; các thư mục cách nhau bằng dấu “:”",
            "Further folders of boundaries, a colon between them, searched after those that were adopted",
        ),
    ),
    (
        "PILOT_WARDS_HOSTS",
        ("không có", "none"),
        (
            "Tên miền mà trình duyệt dùng để vào máy chủ, ngoài tên của chính máy; cách nhau bằng dấu phẩy",
            "Names by which browsers reach the server besides those of its machine, a comma between them",
        ),
    ),
    (
        "PILOT_WARDS_PROXIES",
        ("không có", "none"),
        (
            "Địa chỉ các proxy được tin khi nêu người đăng nhập; cách nhau bằng dấu phẩy",
            "Addresses of the proxies that may say who is signed in, a comma between them",
        ),
    ),
    (
        "PILOT_WARDS_PUBLIC",
        ("không có", "none"),
        (
            "`yes`: ai cũng xem được số liệu đã công bố mà không cần đăng nhập",
            "`yes`: whoever comes may read what is published without signing in",
        ),
    ),
    (
        "PILOT_WARDS_OPEN",
        ("không có", "none"),
        (
            "`yes`: máy khác vào được máy chủ khi chưa ai có tài khoản, như `--open`",
            "`yes`: other machines reach the server while nobody has an account, as with `--open`",
        ),
    ),
    (
        "PILOT_WARDS_LANG",
        ("`vi`", "`vi`"),
        ("Ngôn ngữ dòng lệnh: `vi` hoặc `en`", "Language of the command line: `vi` or `en`"),
    ),
)
"""Name, default and meaning of each environment variable."""

HOME = {
    "store.sqlite": ("kho dữ liệu; không tạo lại được", "the store; can't be made again"),
    "secret.key": (
        "khóa của bản cài đặt; không tạo lại được",
        "its key; can't be made again",
    ),
    "audit_head": ("dòng nhật ký mới nhất, để đối chiếu", "newest entry of the audit log, to compare with"),
    "batches/": ("các lô của phiên bản 0.2, nếu có", "batches of version 0.2, if there are any"),
    "basemap/": ("bản đồ nền đã mang đến, nếu có", "the basemap that was brought, if there is one"),
    "boundaries/": ("ranh giới đã tiếp nhận; không tạo lại được", "adopted boundaries; can't be made again"),
    "built/": ("GeoPackage và mạng đường; tạo lại được", "GeoPackage and streets; can be made again"),
    "logs/": (
        "nhật ký của máy chủ; dưới systemd thì ở journal",
        "the server's log; under systemd in the journal",
    ),
    "state.json": ("có dùng số liệu minh họa hay không", "whether there are illustrative figures"),
    "wall.toml": ("cài đặt màn hình chỉ huy, nếu có", "settings of the wall display, if there are any"),
}
"""What lies in the home, and what it is."""


def commands(language: str) -> str:
    """Return the commands and their options, as Typer tells them."""
    told = subprocess.run(
        [sys.executable, "-m", "typer", COMMANDS, "utils", "docs", "--name", "pilot-wards"],
        cwd=ROOT,
        env=os.environ | {"PILOT_WARDS_LANG": language, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    if language == "vi":
        for english, vietnamese in COMMAND_WORDS.items():
            told = told.replace(english, vietnamese)
    return told.strip() + "\n"


def layers(language: str) -> str:
    """Return the layers of the GeoPackage with their columns, as the contract states them."""
    title, about = {
        "vi": (
            "# Các lớp của GeoPackage",
            "Mọi lớp có hình học dùng EPSG:4326. Độ dài và diện tích được tính trong EPSG:9210.",
        ),
        "en": (
            "# Layers of the GeoPackage",
            "Geometry is in EPSG:4326. Lengths and areas are measured in EPSG:9210.",
        ),
    }[language]
    told = (line for layer in LAYERS.values() for line in _layer(layer, language))
    return "\n".join([title, "", about, *told]) + "\n"


def _layer(layer: Layer, language: str) -> Iterator[str]:
    key, geometry, column, kind, empty, meaning, yes = {
        "vi": ("Khóa", "Hình học", "Cột", "Kiểu", "Có thể trống", "Nội dung", "có"),
        "en": ("Key", "Geometry", "Column", "Type", "May be empty", "Holds", "yes"),
    }[language]
    yield f"\n## `{layer.name}`\n\n{_said(layer.title, language)}.\n"
    about = f"{key}: {', '.join(f'`{name}`' for name in layer.key)}."
    yield about + (f" {geometry}: {layer.geometry}." if layer.geometry else "")
    yield f"\n| {column} | {kind} | {empty} | {meaning} |\n|---|---|---|---|"
    for name, held in layer.columns.items():
        told = _said(held.description, language)
        values = [value for check in held.checks for value in check.statistics.get("allowed_values", ())]
        if values:
            told += ": " + ", ".join(f"`{value}`" for value in values)
        yield f"| `{name}` | {_type(held, language)} | {yes if held.nullable else ''} | {told} |"


def _type(column: pandera.Column, language: str) -> str:
    name = str(column.dtype).lower()
    return next(words[language == "en"] for beginning, words in TYPES.items() if name.startswith(beginning))


def _said(english: str, language: str) -> str:
    return english if language == "en" else in_vietnamese(english)


def settings(language: str) -> str:
    """Return the environment variables that set where things lie, and what lies in the home."""
    title, heads, held = {
        "vi": ("# Cài đặt", "| Biến môi trường | Mặc định | Ý nghĩa |", "Trong thư mục dữ liệu"),
        "en": ("# Settings", "| Environment variable | Default | Meaning |", "What lies in the home"),
    }[language]
    rows = [
        f"| `{name}` | {default[language == 'en']} | {meaning[language == 'en']} |"
        for name, default, meaning in SETTINGS
    ]
    lies = [f"- `{name}`: {meaning[language == 'en']}" for name, meaning in HOME.items()]
    return "\n".join([title, "", heads, "|---|---|---|", *rows, "", f"## {held}", "", *lies]) + "\n"


def decisions() -> str:
    """Return the list of the decisions, in their order."""
    lines = ["# Decisions", "", "Each says what was decided and why.", ""]
    for file in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title, _, date = file.read_text(encoding="utf-8").splitlines()[:3]
        lines.append(f"- [{title.removeprefix('# ')}]({file.name}) · {date}")
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Return the text of each page that is made, by its place below docs/."""
    made = {Path("decisions/README.md"): decisions()}
    for language in ("vi", "en"):
        for name, make in {"commands": commands, "layers": layers, "settings": settings}.items():
            made[Path(language) / "reference" / f"{name}.md"] = make(language)
    return made


if __name__ == "__main__":
    for place, text in pages().items():
        (DOCS / place).write_text(text, encoding="utf-8")
