"""The wall's settings: the file, the address over it, and what a bad one says while its default runs."""

from pathlib import Path

import pytest

from dashboard.screens.wall.settings import SCENES, WALL_FILE, Hours, Settings, read_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "wall.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_that_ships_is_the_default_without_a_notice() -> None:
    assert read_settings({}, WALL_FILE) == (Settings(), [])


def test_without_a_file_the_defaults_run(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / "wall.toml") == (Settings(), [])


def test_every_setting_is_read_from_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'scenes = ["ward", "city"]\nseconds = 45\ndistricts = ["303", "11422"]\ntheme = "light"\n'
        'hours = "22:30-05:15"\nstale_after_days = 3\nfacts = "all"\nvintage = 2025-07-01\nlanguage = "en"\n',
    )
    assert read_settings({}, path) == (
        Settings(
            scenes=("ward", "city"),
            seconds=45,
            areas=("303", "11422"),
            theme="light",
            hours=Hours("22:30", "05:15"),
            stale_after_days=3,
            verified_only=False,
            vintage="2025-07-01",
            language="en",
        ),
        [],
    )


def test_the_address_overrides_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'seconds = 45\ntheme = "light"\nlanguage = "en"')
    query = {"scenes": "coverage,city", "seconds": "10", "districts": "303", "hours": "always", "lang": "vi"}
    settings, notices = read_settings(query, path)
    assert notices == []
    assert settings == Settings(
        scenes=("coverage", "city"), seconds=10, areas=("303",), theme="light", hours=None, language="vi"
    )


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("scenes", "city,weather", ", ".join(SCENES)),
        ("scenes", "", ", ".join(SCENES)),
        ("seconds", "0", "from 1 to 3600"),
        ("seconds", "soon", "from 1 to 3600"),
        ("districts", "Lê Chân", "such as 303"),
        ("theme", "blue", "dark or light"),
        ("hours", "6-22", "such as 06:00-22:00"),
        ("hours", "06:00-06:00", "such as 06:00-22:00"),
        ("hours", "06:00-24:30", "such as 06:00-22:00"),
        ("stale_after_days", "-1", "from 1 to 3650"),
        ("facts", "true", "verified or all"),
        ("vintage", "2025", "such as 2025-07-01"),
        ("language", "fr", "vi or en"),
    ],
)
def test_a_bad_setting_says_what_is_allowed_and_its_default_runs(
    name: str, value: str, allowed: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "seconds = 30")
    settings, [notice] = read_settings({name: value}, path)
    assert settings == Settings(seconds=30)
    told = notice.render("en")
    assert f"“{name}” can't be “{value}”" in told
    assert allowed in told
    assert "địa chỉ trang" in notice.render("vi")


def test_a_bad_setting_of_the_file_leaves_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, 'seconds = true\ntheme = "light"\ncolour = "red"')
    settings, notices = read_settings({}, path)
    assert settings == Settings(theme="light")
    assert [notice.render("en").partition(":")[0] for notice in notices] == [
        "In wall.toml, “seconds” can't be “True”",
        "In wall.toml there is no setting “colour”; there are scenes, seconds, districts, theme, hours, "
        "stale_after_days, facts, vintage, language, limit, basis.",
    ]


@pytest.mark.parametrize("content", [b"seconds = = 3", b"theme = \xff"])
def test_a_file_that_is_no_toml_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    path.write_bytes(content)
    settings, [notice] = read_settings({"theme": "light"}, path)
    assert settings == Settings(theme="light")
    assert notice.render("en").startswith("wall.toml can't be read (")


def test_a_file_that_an_editor_of_windows_saved_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wall.toml"
    path.write_text("# Màn hình\r\nseconds = 12\r\n", encoding="utf-8-sig", newline="")
    assert read_settings({}, path)[0].seconds == 12
