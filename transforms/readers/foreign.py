"""Formats people drop into a folder that hold no article text we read, told by their first bytes.

A refusal that names the format tells its reader what to do; "binary data" does not.
"""

from __future__ import annotations

_OFFICE = "an Excel or PowerPoint file"
# (first bytes, what the file is)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Word, Excel or PowerPoint file of the old kind"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM video"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
# (bytes 4 to 12, what the file is): boxes of ISO media, and DuckDB's mark after its checksum
_INNER: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp", "a video or a picture of a phone"),
    (8, b"WEBP", "a WebP picture"),
    (8, b"WAVE", "a WAV recording"),
    (8, b"DUCK", "a DuckDB database"),
)
# First member of a zip file → what the file is
_PACKAGES: tuple[tuple[bytes, str], ...] = (
    (b"[Content_Types].xml", _OFFICE),
    (b"_rels/.rels", _OFFICE),
    (b"mimetypeapplication/epub", "an e-book"),
    (b"mimetypeapplication/vnd.oasis", "an OpenDocument file"),
)
WORD = b"word/document.xml"  # a member of Word documents, which are read
_HEAD = 65536
_ZIP, _ZIP_NAME = b"PK\x03\x04", 30  # a member's name begins after 30 bytes of its header


def foreign(data: bytes) -> str | None:
    """What the file is, when it is of a format that is known and not read; else None."""
    for mark, name in _MAGIC:
        if data.startswith(mark) and (len(mark) > 3 or not mark.isascii() or b"\x00" in data[:64]):
            return name
    for offset, mark, name in _INNER:
        if data[offset : offset + len(mark)] == mark:
            return name
    if data.startswith(_ZIP) and WORD not in data[:_HEAD]:
        for mark, name in _PACKAGES:
            if data[_ZIP_NAME : _ZIP_NAME + len(mark)] == mark:
                return name
    return None
