"""Pages that lie outside docs/ become pages of the site, and links to them lead there."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]
# Page of the site to the file it comes from.
PAGES = {
    "gazetteer_sources.md": "gazetteers/README.md",
    "qgis_plugin.md": "qgis_plugin/README.md",
    "changes.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security_policy.md": "SECURITY.md",
}
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files, config):
    """Add the pages."""
    for page, source in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=_with_links(text, ROOT / source, page)))
    return files


def on_page_markdown(markdown, page, **_kwargs):
    """Lead links out of docs/ to the pages made of what lies there."""
    if page.file.src_uri in PAGES:
        return markdown
    return _with_links(markdown, ROOT / "docs" / page.file.src_uri, page.file.src_uri)


def _with_links(text: str, source: Path, page: str) -> str:
    depth = "../" * page.count("/")
    known = {str((ROOT / path).resolve()): name for name, path in PAGES.items()}

    def led(found: re.Match[str]) -> str:
        target, anchor = found[1], found[2] or ""
        path = (source.parent / target).resolve()
        if str(path) in known:
            return f"]({depth}{known[str(path)]}{anchor})"
        if path.is_relative_to(ROOT / "docs"):
            return f"]({depth}{path.relative_to(ROOT / 'docs').as_posix()}{anchor})"
        # A file of the repository that is no page: its name, without a link.
        return f"] (`{path.relative_to(ROOT).as_posix()}`)" if path.exists() else found[0]

    return _LINK.sub(led, text)
