"""Small documents of every kind, made from nothing."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from email.message import EmailMessage

TITLE = "Shelling in Kharkiv"
FIRST = "Shelling of the city of Kharkiv went on during the night, said the mayor on Thursday."
SECOND = "Two people were killed and three were wounded in the north of the city, he said."
TEXT = f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n"
LONG = f"{FIRST} {SECOND} " * 3

HTML = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE} | Dispatch</title>
<meta property="og:site_name" content="The Dispatch">
<meta property="article:published_time" content="2022-03-03T21:15:00+02:00">
<link rel="canonical" href="https://example.org/kharkiv"></head><body>
<nav><a href="/">Home</a> <a href="/war">War</a></nav><article><h1>{TITLE}</h1>
<p>{FIRST}</p><p>{SECOND}</p></article><footer>Copyright</footer></body></html>"""

RTF = rf"{{\rtf1\ansi\deff0 {{\fonttbl{{\f0 Times;}}}}\f0 {FIRST}\par {SECOND}\par}}"

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{TITLE}</dc:title>'
    "<dcterms:modified>2022-03-03T21:15:00Z</dcterms:modified></cp:coreProperties>"
)


def zipped(members: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, given in members.items():
            data = given.encode() if isinstance(given, str) else given
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def docx(body: str | None = None) -> bytes:
    """Hold a paragraph, an insertion, a deletion, a content control and a table."""
    body = body or (
        f"<w:p><w:r><w:t>{FIRST}</w:t></w:r></w:p>"
        '<w:p><w:r><w:t xml:space="preserve">Two people </w:t></w:r>'
        '<w:del w:id="1"><w:r><w:delText>nobody </w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>were killed.</w:t></w:r></w:ins></w:p>'
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Controlled.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": CORE,
    })  # fmt: skip


def odt() -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {names}><office:body><office:text><text:h>{TITLE}"
        f"</text:h><text:p>{FIRST}</text:p><text:p>Two<text:s/>people <text:span>were</text:span> "
        "killed.</text:p></office:text></office:body></office:document-content>",
    }, method=zipfile.ZIP_STORED)  # fmt: skip


def epub() -> bytes:
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>{}</h1><p>{}</p></body></html>"
    return zipped({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
        'container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Weekly</dc:title>'
        "<dc:date>2022-03-04</dc:date></metadata><manifest>"
        '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        '<item id="c" href="cover.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="a" href="a%201.xhtml" media-type="application/xhtml+xml"/></manifest><spine>'
        '<itemref idref="n"/><itemref idref="c"/><itemref idref="a"/><itemref idref="b"/></spine>'
        "</package>",
        "OPS/nav.xhtml": page.format("Contents", LONG),
        "OPS/cover.xhtml": page.format("Cover", "Weekly"),
        "OPS/a 1.xhtml": page.format("First", LONG),
        "OPS/b.xhtml": page.format("Second", LONG),
    }, method=zipfile.ZIP_STORED)  # fmt: skip


def pdf(pages: int = 1, *, text: tuple[str, ...] = (FIRST[:50], FIRST[51:], SECOND)) -> bytes:
    """Write a PDF of equal pages, one line of text after another."""
    words = [line.replace("(", r"\(").replace(")", r"\)") for line in text]
    drawn = "BT /F1 12 Tf 14 TL 72 720 Td " + " ".join(f"({w}) Tj T*" for w in words) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{' '.join(f'{n} 0 R' for n in range(5, 5 + pages))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        *(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
            for _ in range(pages)
        ),
        f"<< /Title ({TITLE}) /CreationDate (D:20220303211500+02'00') >>",
    ]
    parts, places, size = ["%PDF-1.4\n"], [], 9
    for number, body in enumerate(objects, start=1):
        places.append(size)
        parts.append(f"{number} 0 obj\n{body}\nendobj\n")
        size += len(parts[-1])
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    parts.append(
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size "
        f"{len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{size}\n%%EOF\n"
    )
    return "".join(parts).encode("latin-1")


def message(text: str = f"{FIRST}\n\n{SECOND}\n", *, html: bool = False) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Iryna Отдел <desk@example.org>"
    mail["To"] = "you@example.org"
    mail["Subject"] = "Обстріл Kharkiv"
    mail["Date"] = "Thu, 03 Mar 2022 21:15:00 +0200"
    mail["Message-ID"] = "<one@example.org>"
    mail.set_content(text)
    if html:
        mail.add_alternative(HTML, subtype="html")
    return mail


def mail_with_attachments() -> EmailMessage:
    mail = message()
    mail.add_attachment(pdf(), maintype="application", subtype="pdf", filename="../../report.pdf")
    mail.add_attachment(docx(), maintype="application", subtype="octet-stream", filename="b.docx")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="map.png")
    return mail


def mbox() -> bytes:
    mails = [message(), mail_with_attachments(), message(f"{FIRST}\n\n>From here on: {SECOND}\n")]
    return b"".join(
        b"From desk@example.org Thu Mar  3 21:15:00 2022\n" + bytes(mail) + b"\n" for mail in mails
    )


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Dispatch &amp; Co</title><link>https://example.org</link>
<item><title>{TITLE} &amp;amp; Sumy</title><link>https://example.org/a</link><guid>tag:a</guid>
<pubDate>Thu, 03 Mar 2022 21:15:00 +0200</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{FIRST}</p><p>Z&uuml;rich&nbsp;said so.</p>]]></content:encoded></item>
<item><title>Evacuation from Sumy</title><link>javascript:alert(1)</link>
<description>&lt;p&gt;The first buses left Sumy for Poltava on Tuesday, the governor said.&lt;/p&gt;
</description></item></channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry>
<id>urn:1</id><title>{TITLE}</title><updated>2022-03-03T21:15:00Z</updated>
<link href="https://example.org/atom"/><content type="html">&lt;p&gt;{FIRST}&lt;/p&gt;</content>
</entry></feed>"""

CSV = f"""Headline;Body;Date;Outlet\r
{TITLE};"{FIRST}
{SECOND}";03 March 2022;Dispatch\r
Nothing;;2022-03-04;Dispatch\r
"""

JSONL = json.dumps({"id": "r1", "text": TEXT, "published": "2022-03-03"}) + "\n"


def parquet() -> bytes:
    import datetime as dt  # noqa: PLC0415

    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet as pq  # noqa: PLC0415

    buffer = io.BytesIO()
    days = [dt.date(2022, 3, 3)] * 40
    pq.write_table(pa.table({"maintext": [FIRST] * 40, "date": days}), buffer)
    return buffer.getvalue()


def warc() -> bytes:
    records = []
    for url, status, kind, body in (
        (
            "https://example.org/war/kharkiv.html",
            "200 OK",
            "text/html; charset=utf-8",
            HTML.encode(),
        ),
        ("https://example.org/none", "404 Not Found", "text/html", b"no"),
        ("https://example.org/map.png", "200 OK", "image/png", b"\x89PNG"),
        ("https://example.org/report", "200 OK", "application/pdf", pdf()),
    ):
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2022-03-05T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{len(records)}>\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        records.append(head.encode() + answer + b"\r\n\r\n")
    return b"".join(records)


SAMPLES = {
    "a.txt": TEXT.encode(),
    "a.md": TEXT.encode(),
    "a.html": HTML.encode(),
    "a.rtf": RTF.encode(),
    "a.docx": docx(),
    "a.odt": odt(),
    "a.epub": epub(),
    "a.pdf": pdf(),
    "a.eml": bytes(message()),
    "a.mbox": mbox(),
    "a.rss": RSS.encode(),
    "a.atom": ATOM.encode(),
    "a.csv": CSV.encode(),
    "a.jsonl": JSONL.encode(),
    "a.parquet": parquet(),
    "a.warc": warc(),
    "a.zip": zipped({"in/b.txt": TEXT, "c.html": HTML}),
    "a.tar": tarred({"in/b.txt": TEXT, "c.html": HTML}),
    "a.tar.gz": gzip.compress(tarred({"in/b.txt": TEXT, "c.html": HTML}), mtime=0),
    "a.txt.gz": gzip.compress(TEXT.encode(), mtime=0),
    "a.txt.bz2": bz2.compress(TEXT.encode()),
    "a.txt.xz": lzma.compress(TEXT.encode()),
}
