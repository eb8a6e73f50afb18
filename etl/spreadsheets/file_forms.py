"""What a file is by its first bytes, whatever its name says, and what to do with one that is not read."""

from pathlib import Path

from etl.spreadsheets.grids import refused
from etl.spreadsheets.packages import Package
from etl.spreadsheets.xlsx_book import is_xlsx
from etl.text_encoding import UnknownEncodingError, decoded
from geodata.contract.errors import SourceError
from geodata.language import Message, message

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXCEL = (".xlsx", ".xlsm")


def is_archive(content: bytes) -> bool:
    """Return whether bytes begin as a zip archive."""
    return content.startswith(b"PK")


def is_ole(content: bytes) -> bool:
    """Return whether bytes begin as an OLE container: a workbook of Excel 97 to 2003, or a locked one."""
    return content.startswith(_OLE)


def check_form(path: Path, content: bytes) -> None:
    """Refuse a file whose bytes are something else than its name says, by what it is.

    Raises
    ------
    SourceError
        Such a file.
    """
    suffix = path.suffix.lower()
    if is_ole(content):
        _check_ole(path, content, suffix)
    elif is_archive(content):
        pass
    elif (found := _text_form(content)) is not None:
        raise refused(path.name, *found)
    elif suffix in (*_EXCEL, ".ods", ".xls"):
        raise _misnamed(path, "csv") if _is_csv(content[:4096]) else _damaged(path)


def check_package(path: Path, package: Package) -> None:
    """Refuse a zip archive that is something else than the name of its file says.

    Raises
    ------
    SourceError
        Such a file.
    """
    suffix = path.suffix.lower()
    if is_xlsx(package):
        found = "xlsx"
        if suffix in _EXCEL:
            return
    elif "content.xml" in package:
        found = "ods"
        if suffix == ".ods":
            return
    elif "xl/workbook.bin" in package:
        raise refused(path.name, message("is a binary workbook of Excel (xlsb)"), _save_as())
    elif "word/document.xml" in package:
        raise refused(path.name, message("is a document of Word"), message("the table in a workbook (xlsx)"))
    elif suffix in (*_EXCEL, ".ods"):
        raise _damaged(path)
    else:
        raise refused(path.name, message("is a zip archive"), message("the table that it holds, unpacked"))
    raise _misnamed(path, found)


def _is_csv(head: bytes) -> bool:
    try:
        text, encoding = decoded(head)
    except UnknownEncodingError:
        return False
    lines = text.splitlines()
    is_text = encoding.startswith("UTF") and all(line.replace("\t", "").isprintable() for line in lines)
    return is_text and len(lines) > 1 and any(mark in lines[0] for mark in ";\t,")


def _misnamed(path: Path, found: str) -> SourceError:
    return refused(
        path.name,
        message("is a workbook ({kind}) with the name of another kind of file", kind=found),
        message("the name “{name}”", name=f"{path.stem}.{found}"),
    )


def _damaged(path: Path) -> SourceError:
    return refused(path.name, message("is no readable workbook"), readable())


def readable() -> Message:
    """Return what is asked for in the place of a workbook that can't be read."""
    return message("a workbook that is whole; open it and save it anew as xlsx")


def _save_as() -> Message:
    return message("open it in Excel or LibreOffice and save it as xlsx")


def _check_ole(path: Path, content: bytes, suffix: str) -> None:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise refused(
            path.name, message("is locked by a password"), message("the file saved without a password")
        )
    if holds("WordDocument"):
        raise refused(path.name, message("is a document of Word"), message("the table in a workbook (xlsx)"))
    if suffix != ".xls":
        raise refused(
            path.name, message("is a workbook of Excel 97–2003 (xls), whatever its name"), _save_as()
        )


def _text_form(content: bytes) -> tuple[Message, Message] | None:
    head = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if head.startswith((b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")):
        return message("is a workbook of Excel before 97"), _save_as()
    if head.startswith(
        (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style", b"<body", b"<div")
    ) or (head.startswith((b"<?xml", b"<!--")) and b"<html" in head):
        return message("is a web page (HTML), not a spreadsheet"), _save_as()
    if head.startswith(b"mime-version:") or b"content-type: multipart/related" in head:
        return message("is a web archive (MHTML), not a spreadsheet"), _save_as()
    if head.startswith(b"<?xml") or head.startswith(b"<workbook") or head.startswith(b"<office:"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
            return message("is an XML spreadsheet of Excel 2003"), _save_as()
        if b"urn:oasis:names:tc:opendocument" in head:
            return message("is a flat OpenDocument file (fods)"), _save_as()
        return message("is XML, not a spreadsheet"), _save_as()
    if head.startswith(b"%pdf"):
        return message("is a PDF"), message("the table in a workbook (xlsx)")
    if head.startswith(b"{\\rtf"):
        return message("is a document of Word"), message("the table in a workbook (xlsx)")
    return None
