"""Text in the encodings that files from Vietnam come in: one place for all readers.

Bytes are Unicode (UTF-8, UTF-16, with and without a mark, also where a field's width has cut the last
character), Windows-1258, or one of the codes from before Unicode: TCVN3 (ABC, the fonts ``.Vn…``) and VNI.
Text in the latter often stands in files of Unicode too, as the Latin letters at the same places: “Lª Ch©n” is
“Lê Chân”. It is converted only where its words are Vietnamese syllables then, and are none before; what is
neither for sure is told.
"""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

TCVN3, VNI = "TCVN3", "VNI"
EITHER = "either"
_WINDOWS = "Windows-1258"

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_ROOF, _BOW = "\u0302", "\u0306"
_VNI_MARKS = {
    **{"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _ROOF, "ê": _BOW},
    **{"á": _ROOF + _ACUTE, "à": _ROOF + _GRAVE, "å": _ROOF + _HOOK, "ã": _ROOF + _TILDE, "ä": _ROOF + _DOT},
    **{"é": _BOW + _ACUTE, "è": _BOW + _GRAVE, "ú": _BOW + _HOOK, "ü": _BOW + _TILDE, "ë": _BOW + _DOT},
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_LETTERS |= {letter.upper(): plain.upper() for letter, plain in _VNI_LETTERS.items()}
_VNI_MARKS |= {letter.upper(): marks for letter, marks in _VNI_MARKS.items()}
_VNI_MARKED = re.compile(f"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}])")

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|g|kh|ph|th|tr|ch|qu|[bcdđhklmnprstvx])?"
    r"(?:iê|yê|uô|ươ|uyê|uya|ia|ya|ưa|oa|oă|oe|oo|uâ|uê|uy|uơ|[aăâeêioôơuưy])"
    r"(?:ng|nh|ch|[cmnpt])?"
    r"|(?:ngh|ng|nh|gh|gi|g|kh|ph|th|tr|ch|qu|[bcdđhklmnprstvx])?"
    r"(?:ai|ao|au|ay|âu|ây|eo|êu|iu|iêu|yêu|oi|ôi|ơi|oai|oao|oay|oeo|ui|uôi|ưi|ưu|ươi|ươu|ua|uây|uyu|uao|uau)"
)
_TONES = re.compile(f"[{_ACUTE}{_GRAVE}{_HOOK}{_TILDE}{_DOT}]")
_WORD = re.compile(r"[A-Za-z\u00a1-\u00ff\u0100-\u01b0\u0300-\u0323\u1ea0-\u1ef9]+")
_ODD = re.compile("[¡¢£¤¥¦§¨ª«¬\u00ad®©µ¶·¸¹»¼½¾ÆÇÄÅËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñöø÷ûüþÿ]")
_LEAST_SURE = 0.9


class UnknownEncodingError(ValueError):
    """Bytes in no encoding for sure.

    Parameters
    ----------
    name
        The encoding that they seem to have; empty where none is known.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


def decoded(raw: bytes) -> tuple[str, str]:
    """Return bytes as text in NFC, and the name of their encoding.

    Half a character at the end is left out. Of a text that is not Unicode the encoding counts in which its
    words are Vietnamese; Windows-1258 where there are none.

    Raises
    ------
    UnknownEncodingError
        The bytes have none of the encodings, or a legacy one that is not sure.
    """
    text, name = _unicode(raw)
    if name:
        # Windows-1258 and macOS write marks after their vowels.
        return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text), name
    return _legacy(raw)


def _unicode(raw: bytes) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = "le" if raw[:1] == b"\xff" else "be"
        return _wide(raw[2:], order), "UTF-16"
    sample = raw[: 1 << 16]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    # Letters of Latin have a zero in every second byte; text in one byte each has none.
    if max(odd, even) * 10 > len(sample) and max(odd, even) > 5 * min(odd, even):
        return _wide(raw, "le" if odd > even else "be"), "UTF-16"
    plain = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return plain.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        start = error.start
        # Without a mark, plain ASCII before a single odd byte is no sign of UTF-8.
        is_sure = plain is not raw or not plain[:start].isascii()
        if error.reason == "unexpected end of data" and is_sure:
            return plain[:start].decode("utf-8"), "UTF-8"
        if plain is not raw:
            raise UnknownEncodingError from error
    return "", ""


def _wide(raw: bytes, order: str) -> str:
    try:
        return raw[: len(raw) // 2 * 2].decode(f"utf-16-{order}")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return raw[: error.start].decode(f"utf-16-{order}")
        raise UnknownEncodingError("UTF-16") from error


def _legacy(raw: bytes) -> tuple[str, str]:
    latin = raw.decode("latin-1")
    texts = {TCVN3: _from_tcvn3(latin), VNI: _from_vni(latin)}
    with suppress(UnicodeDecodeError):
        texts[_WINDOWS] = unicodedata.normalize("NFC", raw.decode("cp1258"))
    sample = {word for word in _WORD.findall(latin[:500_000]) if not word.isascii()}
    shares = {name: _share(_again(name, word) for word in sample) for name in texts}
    best = max(reversed(shares), key=lambda name: shares[name])
    if shares[best] >= _LEAST_SURE or (best == _WINDOWS and len(sample) < 3):
        return texts[best], best
    # Windows-1258 is what Windows itself wrote where nothing else was asked for: foreign names stand in it.
    if best == _WINDOWS and shares[best] >= 0.5:
        return texts[best], best
    raise UnknownEncodingError(best if shares[best] >= 0.5 and best in (TCVN3, VNI) else "")


def _again(name: str, latin: str) -> str:
    if name in (TCVN3, VNI):
        return from_encoding(latin, name)
    return unicodedata.normalize("NFC", latin.encode("latin-1").decode("cp1258", "replace"))


def from_encoding(text: str, name: str) -> str:
    """Return Latin letters that stand for TCVN3 or VNI in Unicode."""
    return _from_tcvn3(text) if name == TCVN3 else _from_vni(text)


def _share(words: Iterable[str]) -> float:
    are = [is_syllable(word) for word in words]
    return sum(are) / len(are) if are else 0.0


def _from_tcvn3(text: str) -> str:
    def capital(found: re.Match[str]) -> str:
        plain = [letter for letter in found[0] if letter.isascii()]
        return found[0].upper() if len(plain) > 1 and all(map(str.isupper, plain)) else found[0]

    # Capitals with tones are a matter of the font (.VnTimeH): “TRÇN” is “TRẦN”.
    return _WORD.sub(capital, text.translate(_TCVN3_TABLE))


_TCVN3_TABLE = str.maketrans(_TCVN3)
_VNI_TABLE = str.maketrans(_VNI_LETTERS)


def _from_vni(text: str) -> str:
    def joined(found: re.Match[str]) -> str:
        letter = found[1].translate(_VNI_TABLE)
        return unicodedata.normalize("NFC", letter + _VNI_MARKS[found[2]])

    # What is joined must not be taken for a letter of VNI once more.
    parts = []
    end = 0
    for found in _VNI_MARKED.finditer(text):
        parts += [text[end : found.start()].translate(_VNI_TABLE), joined(found)]
        end = found.end()
    return "".join((*parts, text[end:].translate(_VNI_TABLE)))


@lru_cache(maxsize=1 << 16)
def is_syllable(word: str) -> bool:
    """Return whether a word could be a Vietnamese syllable, with a tone that its end allows."""
    if not word.islower():
        # Codes from before Unicode write capitals by the font: “PhßNG”.
        word = word.lower()
    marked = unicodedata.normalize("NFD", word)
    tones = _TONES.findall(marked)
    bare = unicodedata.normalize("NFC", _TONES.sub("", marked))
    if len(tones) > 1 or _SYLLABLE.fullmatch(bare) is None:
        return False
    if len(bare) > 1 and bare.endswith(("c", "ch", "p", "t")):
        return bool(tones) and tones[0] in (_ACUTE, _DOT)
    return True


def is_odd(text: str) -> bool:
    """Return whether a text has letters that Vietnamese does not have: it may be in a legacy encoding."""
    return _ODD.search(text) is not None


@lru_cache(maxsize=1 << 16)
def reading(text: str) -> tuple[str, str]:
    """Return how a text reads: ``TCVN3`` or ``VNI`` for sure, with the text in Unicode.

    Otherwise ``""`` for text in Unicode or without marks, ``"either"`` for one that could be both, with the
    text as it stands; ``"TCVN3?"`` and ``"VNI?"`` where most of its words are, but not all.
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words or any(max(word) > "\u00ff" for word in words):
        return text, ""
    now = _share(words)
    found = text, ""
    for name, convert in ((TCVN3, _from_tcvn3), (VNI, _from_vni)):
        whole = [word for word in _WORD.findall(convert(text)) if not word.isascii()]
        share = _share(whole)
        gained = [word for word in words if len(word) > 1 and not is_syllable(word)]
        if now == 1:
            if share == 1 and convert(text) != text:
                return text, EITHER
        elif share == 1 and gained:
            return convert(text), name
        elif share >= 0.5 and share > now and len(gained) > 1 and not found[1]:
            found = text, f"{name}?"
    return found


def repaired(text: str) -> tuple[str, str]:
    """Return a text in Unicode, and the legacy encoding that it was converted from, if that is sure.

    One text alone: whole columns are judged together by `etl.spreadsheets.legacy_text`.
    """
    converted, name = reading(unicodedata.normalize("NFC", text)) if is_odd(text) else (text, "")
    return (converted, name) if name in (TCVN3, VNI) else (text, "")
