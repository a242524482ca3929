"""A document that went through a scanner: pages as slightly skewed and specked black-and-white images, without any text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import reportlab
from numpy.typing import NDArray
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from .chance import Chance
from .typeset import Face

DOTS = 120  # per inch
BLACK = 150  # darker than this is ink
SPECKS = 4000  # one dot in so many is dust
SKEW = 9  # dots from the first to the last row, at most
Bits = NDArray[np.bool_]


def scan_face() -> Face:
    """Fonts that travel inside the file: what is drawn for a standard font would depend on the machine."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd", "VeraIt"):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    return Face("Vera", "VeraBd", "VeraIt", fixed="Vera", size=9)


def scanned(pdf: bytes, title: str, key: str) -> bytes:
    """The typeset file as a scan of itself; `key` decides skew and dust."""
    with pypdfium2.PdfDocument(pdf) as source:
        pages = [source[number].render(scale=DOTS / 72, grayscale=True).to_numpy() for number in range(len(source))]
    return image_pdf([worn(np.squeeze(page) < BLACK, Chance(key, "page", number)) for number, page in enumerate(pages)], title)


def worn(ink: Bits, chance: Chance) -> Bits:
    """Rows shifted sideways a little more from top to bottom, and dust."""
    height, width = ink.shape
    lean = chance.below(2 * SKEW + 1) - SKEW
    columns = (np.arange(width)[None, :] - (np.arange(height) * lean // height)[:, None]) % width
    skewed: Bits = np.take_along_axis(ink, columns, axis=1)
    x, y = np.arange(width, dtype=np.uint32)[None, :], np.arange(height, dtype=np.uint32)[:, None]
    grain = (x * np.uint32(374761393) + y * np.uint32(668265263)) ^ np.uint32(chance.below(2**32))
    grain = (grain ^ (grain >> np.uint32(13))) * np.uint32(1274126177)
    dust: Bits = (grain ^ (grain >> np.uint32(16))) % np.uint32(SPECKS) == 0
    return np.logical_or(skewed, dust)


def image_pdf(pages: Sequence[Bits], title: str) -> bytes:
    """A PDF of one black-and-white image per page."""
    kids = " ".join(f"{4 + 3 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Title <" + (b"\xfe\xff" + title.encode("utf-16-be")).hex().encode() + b"> /Producer (Scanner) >>",
    ]
    box = f"[0 0 {A4[0]:.2f} {A4[1]:.2f}]"
    for number, page in enumerate(pages):
        first = 4 + 3 * number
        height, width = page.shape
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents {first + 1} 0 R "
            f"/Resources << /XObject << /Scan {first + 2} 0 R >> >> >>".encode()
        )
        objects.append(stream(f"{A4[0]:.2f} 0 0 {A4[1]:.2f} 0 0 cm /Scan Do".encode()))
        bits = np.packbits(~page, axis=1).tobytes()
        objects.append(
            stream(bits, f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 1 ")
        )
    return assembled(objects)


def stream(data: bytes, entries: str = "") -> bytes:
    return f"<< {entries}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def assembled(objects: Sequence[bytes]) -> bytes:
    """Header, numbered objects, cross-reference table and trailer; the first object is the catalog, the third the metadata."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
