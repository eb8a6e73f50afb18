"""Names of wards and districts in any spelling, and the units of an official list that they mean.

A name is compared at three strengths. *Exact* looks past what never tells two units apart: Unicode form,
case, white space, punctuation, the place of the tone mark (Hòa, Hoà) and the kind of unit before the name
(Phường, P., CAP). *Normalised* looks past spaces and diacritics that are left out (GADM's ``DưHàngKênh``,
``Du Hang Kenh``), but not past other ones: ``Gia Viễn`` is not ``Gia Viền``. Whatever is left is *near* at
best, and proposed, never taken.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from geodata.language.spelling import without_marks

MatchKind = Literal["code", "exact", "normalised", "near", "ambiguous", "none"]
TAKEN: tuple[MatchKind, ...] = ("code", "exact", "normalised")
"""How a unit may be matched without anyone's consent."""

NEAR_SCORE = 80.0
"""Least likeness, 0 to 100, at which a name is proposed for a unit."""

NEAR_MARGIN = 5.0
"""Lead over the second-best unit below which two units are equally likely."""

_KNOWN = 1 << 16
"""Names whose keys are kept: the official lists are looked through again and again."""

CANDIDATE_SCORE = 60.0
"""Least likeness at which a unit is listed as a candidate."""

_KIND_WORDS = {
    "phường": ("phường", "phuong", "p"),
    "xã": ("xã", "xa", "x"),
    "thị trấn": ("thị trấn", "thi tran", "tt", "t t", "ttr"),
    "đặc khu": ("đặc khu", "dac khu", "đk", "dk"),
    "huyện": ("huyện đảo", "huyen dao", "huyện", "huyen", "đảo", "h"),
    "quận": ("quận", "quan", "q"),
    "thành phố": ("thành phố", "thanh pho", "tp", "t p"),
    "thị xã": ("thị xã", "thi xa", "tx", "t x"),
}
_POLICE = ("công an", "cong an", "ca")

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MISPLACED_TONE = re.compile(rf"(o)([ae])([{_TONES}])|(u)(y)([{_TONES}])")


def _move_tones(text: str) -> str:
    """Put the tone of oa, oe and uy on their first vowel: both places are in use (Hòa, Hoà)."""
    moved = _MISPLACED_TONE.sub(
        lambda m: m[1] + m[3] + m[2] if m[1] else m[4] + m[6] + m[5], unicodedata.normalize("NFD", text)
    )
    return unicodedata.normalize("NFC", moved)


def fold(text: str) -> str:
    """Return the exact key of a name: equal for spellings that differ in nothing that matters.

    NFC, lower case, words apart by one space, no punctuation, tone marks in one place. The kind of unit is
    left where it is.
    """
    # The letter eth looks like Đ and stands for it in many files.
    plain = unicodedata.normalize("NFC", text).casefold().replace("ð", "đ")
    return _move_tones(" ".join(re.findall(r"[^\W_]+", plain)))


@lru_cache(maxsize=_KNOWN)
def squeeze(text: str) -> str:
    """Return the exact key of a name without its spaces."""
    return _move_tones(fold(text).replace(" ", ""))


@lru_cache(maxsize=_KNOWN)
def bare(text: str) -> str:
    """Return the key of a name without spaces and diacritics, đ as d."""
    return without_marks(squeeze(text))


def _letters(squeezed: str) -> list[tuple[str, frozenset[str]]]:
    """Return each letter as its base and its marks; the bar of đ counts as a mark."""
    letters: list[tuple[str, frozenset[str]]] = []
    for character in unicodedata.normalize("NFD", squeezed):
        if unicodedata.combining(character):
            if letters:
                base, marks = letters[-1]
                letters[-1] = (base, marks | {character})
        else:
            letters.append(("d", frozenset("đ")) if character == "đ" else (character, frozenset()))
    return letters


def is_worn_form(worn: str, full: str) -> bool:
    """Return whether a name is another one with spaces or diacritics left out, none put in or changed."""
    worn_letters, full_letters = _letters(squeeze(worn)), _letters(squeeze(full))
    return len(worn_letters) == len(full_letters) and all(
        base == other and marks <= other_marks
        for (base, marks), (other, other_marks) in zip(worn_letters, full_letters, strict=True)
    )


_FOLDED_KINDS = {fold(word): kind for kind, words in _KIND_WORDS.items() for word in words}
_GLUED_POLICE = {"cap": "phường", "cax": "xã", "catt": "thị trấn", "cađk": "đặc khu"}
_PREFIX = re.compile(
    r"^(?:(?P<glued>{glued}) |(?:(?:{police}) )?(?P<kind>{kinds}) )(?P<rest>.+)$".format(
        glued="|".join(_GLUED_POLICE),
        police="|".join(fold(word) for word in _POLICE),
        kinds="|".join(sorted(_FOLDED_KINDS, key=len, reverse=True)),
    )
)


def split_kind(text: str) -> tuple[str, str]:
    """Return the kind of unit that a name begins with, ``""`` if none, and the folded name behind it.

    Understands abbreviations and the police of the unit: ``P.``, ``TT``, ``CAP``, ``Công an phường``. A name
    without diacritics may only seem to begin with a kind: ``Quan Toan`` is Quán Toan, not a quận.
    """
    folded = fold(text)
    found = _PREFIX.match(folded)
    if not found:
        return "", folded
    kind = _GLUED_POLICE[found["glued"]] if found["glued"] else _FOLDED_KINDS[found["kind"]]
    # "Huyện đảo" is one prefix, and files differ in how much of it they put before the name.
    return kind, found["rest"].removeprefix("đảo ")


def tidy_code(value: Any, width: int) -> str:
    """Return a code as text of a width: spreadsheets drop its zeros or make it a decimal number.

    ``""`` for a missing value; text that is no number stays as it is, without outer spaces.
    """
    if pd.isna(value):
        return ""
    text = str(value).strip()
    digits = re.fullmatch(r"(\d+)(?:\.0+)?", text)
    return digits[1].zfill(width) if digits else text


WARD_CODE_WIDTH = 5
DISTRICT_CODE_WIDTH = 3


@dataclass(frozen=True)
class Candidate:
    """A unit of the official list that an asked name or code may mean.

    Attributes
    ----------
    ward_code
        The unit.
    score
        How alike the names are, 0 to 100.
    """

    ward_code: str
    score: float


class NameIndex:
    """Official names, to be found in any spelling.

    Parameters
    ----------
    names
        Names without the kind of unit.
    kinds
        The kinds of the units, one a name.
    """

    def __init__(self, names: Iterable[str], kinds: Iterable[str]) -> None:
        self._forms: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for number, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            # A name whose spaces are gone can't be split, so the kind is put before the official one.
            prefixes = ("", *_KIND_WORDS.get(kind, ()))
            for form in dict.fromkeys(f"{prefix} {name}" for prefix in prefixes):
                self._forms[bare(form)].append((number, form))

    def find(self, asked: str) -> tuple[Literal["exact", "normalised", "none"], list[int]]:
        """Return how an asked name matches at best, and the numbers of the names that it may be."""
        spellings = dict.fromkeys((fold(asked), split_kind(asked)[1]))
        hits = [(spelling, hit) for spelling in spellings for hit in self._forms.get(bare(spelling), [])]
        exact = [number for spelling, (number, form) in hits if spelling == fold(form)]
        if exact:
            return "exact", sorted(set(exact))
        # Cẩm Giang has a neighbour Cẩm Giàng: without its space it is still itself, not a worn form of both.
        unspaced = [number for spelling, (number, form) in hits if squeeze(spelling) == squeeze(form)]
        worn = [number for spelling, (number, form) in hits if is_worn_form(spelling, form)]
        weaker = unspaced or worn
        return ("normalised", sorted(set(weaker))) if weaker else ("none", [])


def district_finder(units: pd.DataFrame) -> Callable[[str], set[str]]:
    """Return what finds the codes of the districts of a list that a code or a name in any spelling means."""
    listed = units[["district_code", "district_name"]].dropna().drop_duplicates()
    codes = listed["district_code"].tolist()
    kinds = [split_kind(name)[0] for name in listed["district_name"]]
    names = NameIndex([split_kind(name)[1] for name in listed["district_name"]], kinds)

    def find(asked: str) -> set[str]:
        code = tidy_code(asked, DISTRICT_CODE_WIDTH)
        return {code} if code in codes else {codes[number] for number in names.find(asked)[1]}

    return find


def match_units(asked: pd.DataFrame, units: pd.DataFrame, *, each_once: bool = False) -> pd.DataFrame:
    """Return how each asked unit is matched to an official list, and to which unit; nothing is guessed.

    A code is trusted if the name is that of its unit, or missing, for codes were reused with another meaning
    in 2025; with a name that is only near it makes a proposal.
    A name that several units bear is told apart by the district asked for, then by the kind of unit. A
    district that is asked for and not that of the unit leaves a proposal at most.

    Parameters
    ----------
    asked
        Text columns ``name``, ``code``, ``kind`` and ``district`` (its name or code); all but the first may
        be left out, and every cell may be ``""``.
    units
        The official list of one vintage: ward_code, ward_name (without the kind), ward_kind, district_code,
        district_name; the last two are missing where there are no districts.
    each_once
        Each unit is asked for once, as in a file of outlines: a unit that a row was matched to is not
        proposed for another row.

    Returns
    -------
    Index and order of ``asked``, with the columns

    - ``how``: *code*, *exact* or *normalised* where the unit is certain; *near* where one unit is proposed;
      *ambiguous* where several are equally likely; *none*;
    - ``ward_code``: the unit, certain or proposed, else missing;
    - ``candidates``: tuple of :class:`Candidate`, best first;
    - ``is_other_kind``: the kind asked for is not that of the unit.
    """
    units = units.reset_index(drop=True)
    matcher = _Matcher(units)
    table = asked.reindex(columns=["name", "code", "kind", "district"]).astype("str").fillna("")
    distinct = table.drop_duplicates()
    rows = [matcher.match(*row) for row in distinct.itertuples(index=False, name=None)]
    open_rows = [number for number, (how, _) in enumerate(rows) if how == "none"]
    taken = {hits[0] for how, hits in rows if how in TAKEN} if each_once else set()
    scores = matcher.scores([distinct["name"].iloc[number] for number in open_rows])
    found: list[tuple[MatchKind, list[tuple[int, float]]]] = [
        (how, [(unit, matcher.score(name, unit)) for unit in hits])
        for (how, hits), name in zip(rows, distinct["name"], strict=True)
    ]
    for number, likeness in zip(open_rows, scores, strict=True):
        district = distinct["district"].iloc[number]
        said = [unit for unit in rows[number][1] if unit not in taken]
        found[number] = matcher.nearest(likeness, district, said, taken)
    if each_once:
        found = _propose_once(found)

    codes = units["ward_code"].tolist()
    by_row = {}
    for row, (how, hits) in zip(distinct.itertuples(index=False, name=None), found, strict=True):
        is_certain = how in TAKEN or how == "near"
        unit = hits[0][0] if is_certain else None
        kind = _kind(row[0], row[2])
        by_row[row] = (
            how,
            None if unit is None else codes[unit],
            tuple(Candidate(codes[hit], score) for hit, score in hits),
            bool(unit is not None and kind and kind != units["ward_kind"].iloc[unit]),
        )
    matched = [by_row[row] for row in table.itertuples(index=False, name=None)]
    frame = pd.DataFrame(
        matched, columns=["how", "ward_code", "candidates", "is_other_kind"], index=asked.index
    )
    return frame.astype({"how": "str", "ward_code": "str", "is_other_kind": "bool"})


def _kind(name: str, kind: str) -> str:
    """Return the kind of unit that is asked for, in its own column or before the name."""
    return _FOLDED_KINDS.get(fold(kind), "") or split_kind(name)[0]


def _propose_once(
    found: list[tuple[MatchKind, list[tuple[int, float]]]],
) -> list[tuple[MatchKind, list[tuple[int, float]]]]:
    """Make proposals ambiguous that propose the same unit for two rows."""
    proposed = [hits[0][0] for how, hits in found if how == "near"]
    twice = {unit for unit in proposed if proposed.count(unit) > 1}
    return [("ambiguous" if how == "near" and hits[0][0] in twice else how, hits) for how, hits in found]


class _Matcher:
    """The units of one official list, ready to be asked for."""

    def __init__(self, units: pd.DataFrame) -> None:
        self.units = units
        self.names = NameIndex(units["ward_name"], units["ward_kind"])
        self.districts = district_finder(units)
        self.has_districts = bool(units["district_code"].notna().any())
        self.by_code = {code: number for number, code in enumerate(units["ward_code"])}
        self.squeezed = [squeeze(name) for name in units["ward_name"]]
        self.bare = [bare(name) for name in units["ward_name"]]

    def match(self, name: str, code: str, kind: str, district: str) -> tuple[MatchKind, list[int]]:
        """Return how one row is matched before likeness is looked at, and the units that speak for it."""
        how, named = self.names.find(name)
        coded = self.by_code.get(tidy_code(code, WARD_CODE_WIDTH))
        if coded is not None and (not fold(name) or coded in named):
            return "code", [coded]
        if coded is not None and named:
            return "ambiguous", [coded, *named]
        if coded is not None and self.score(name, coded) >= NEAR_SCORE:
            return "near", [coded]
        if how == "none":
            return "none", []
        within = self._within(named, district)
        if not within:
            # The name is that of a unit in another district: a proposal, not a match.
            return "none", named
        if len(within) > 1:
            of_kind = [unit for unit in within if self.units["ward_kind"].iloc[unit] == _kind(name, kind)]
            within = of_kind if len(of_kind) == 1 else within
        return (how, within) if len(within) == 1 else ("ambiguous", within)

    def _within(self, numbers: list[int], district: str) -> list[int]:
        if not district or not self.has_districts:
            return numbers
        codes = self.districts(district)
        return [number for number in numbers if self.units["district_code"].iloc[number] in codes]

    def scores(self, names: list[str]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
        """Return how alike each name is to each unit, 0 to 100: the mean with and without diacritics."""
        # Imported here, as the server shows names and compares none.
        from rapidfuzz import fuzz, process

        plain = [split_kind(name)[1] for name in names]
        with_marks = process.cdist([squeeze(name) for name in plain], self.squeezed, scorer=fuzz.ratio)
        without = process.cdist([bare(name) for name in plain], self.bare, scorer=fuzz.ratio)
        likeness: np.ndarray[tuple[int, int], np.dtype[np.float32]] = (with_marks + without) / 2
        return likeness.reshape(len(names), len(self.squeezed))

    def score(self, name: str, unit: int) -> float:
        """Return how alike a name is to one unit, 0 to 100."""
        from rapidfuzz import fuzz

        plain = split_kind(name)[1]
        with_marks = fuzz.ratio(squeeze(plain), self.squeezed[unit])
        return (with_marks + fuzz.ratio(bare(plain), self.bare[unit])) / 2

    def nearest(
        self,
        likeness: "np.ndarray[tuple[int], np.dtype[np.float32]]",
        district: str,
        said: list[int],
        taken: set[int],
    ) -> tuple[MatchKind, list[tuple[int, float]]]:
        """Return the units that are most like a name: one is *near*, several are *ambiguous*.

        A district that the list knows narrows the choice, unless the very name is that of units elsewhere.
        """
        pool = [unit for unit in range(len(self.squeezed)) if unit not in taken]
        pool = said or self._within(pool, district) or pool
        ranked = sorted(((unit, float(likeness[unit])) for unit in pool), key=lambda hit: (-hit[1], hit[0]))
        listed = [hit for hit in ranked if hit[1] >= CANDIDATE_SCORE][:3]
        if not listed or listed[0][1] < NEAR_SCORE:
            return "none", listed
        rivals = [hit for hit in listed[1:] if hit[1] > listed[0][1] - NEAR_MARGIN]
        return ("ambiguous" if rivals else "near"), listed


def vintage_on(day: str, vintages: Iterable[str]) -> str | None:
    """Return the vintage whose units hold on an ISO day; ``None`` for a day before the first."""
    return max((vintage for vintage in vintages if vintage <= day), default=None)


def ward_title(ward: pd.Series | Mapping[Hashable, Any]) -> str:
    """Return kind and name of a ward, with a capital."""
    title = f"{ward['ward_kind']} {ward['ward_name']}"
    return title[:1].upper() + title[1:]
