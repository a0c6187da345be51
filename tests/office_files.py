"""PDF and Word files, as small as they come."""

import io
import zipfile
import zlib

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter


def pdf(*pages: str, title: str = "", filled: bytes = b"") -> bytes:
    """A PDF with a line for each line of `pages`, one below the other; "# " draws large letters."""
    contents = [zlib.compress(_drawn(page).encode("cp1252") + filled) for page in pages]
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) /CreationDate (D:20200202000000) >>".encode(),
    ]
    for number, data in enumerate(contents):
        head = f"<< /Length {len(data)} /Filter /FlateDecode >> stream\n".encode()
        page = f"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        objects += [head + data + b"\nendstream", page.encode()]
    return _written(objects)


def _drawn(page: str) -> str:
    commands, height = [], 800
    for line in page.split("\n"):
        size = 20 if line.startswith("# ") else 12
        height -= size + 2
        commands.append(f"BT /F {size} Tf 72 {height} Td ({line.removeprefix('# ')}) Tj ET")
    return "\n".join(commands)


def _written(objects: list[bytes]) -> bytes:
    data = b"%PDF-1.7\n"
    table = b"0000000000 65535 f \n"
    for number, content in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>" % (len(objects) + 1)
    return b"%bxref\n0 %d\n%b%b\nstartxref\n%d\n%%%%EOF" % (data, len(objects) + 1, table, trailer, len(data))


def word(*paragraphs: str, title: str = "", body: str = "") -> bytes:
    """A Word file; "# " makes a heading, and `body` is XML to stand below the paragraphs."""
    document = Document()
    document.core_properties.title = title
    for text in paragraphs:
        document.add_paragraph(text.removeprefix("# "), "Heading 1" if text.startswith("# ") else None)
    for element in parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>"):
        document.element.body.append(element)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def packed(data: bytes, name: str, content: bytes) -> bytes:
    """A Word file with `content` as one of its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist(), name}:
            new.writestr(part, content if part == name else old.read(part))
    return stream.getvalue()


def locked(data: bytes, password: str) -> bytes:
    """A PDF with a password, "" for one that opens without."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
