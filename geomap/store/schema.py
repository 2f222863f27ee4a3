"""The schema of a store: tables that hold it, views that people ask.

A saved record (the contract, compressed) is the truth; the columns beside it are
made from it, so that SQL can ask what a program would have to decode.
"""

from __future__ import annotations

__all__ = [
    "APPLICATION_ID",
    "COPIES_AND_MERGES",
    "INDEXES",
    "KEPT_CLUSTERS",
    "SCHEMA_VERSION",
    "TABLES",
    "VIEWS",
]

# Raised when a table changes; geomap.store.migrations brings older stores up to it.
# 1: articles and what is in them. 2: copies of articles, merged events. 3: kept clusters.
SCHEMA_VERSION = 3

# "gmap" in ASCII, SQLite's mark of whose file it is (https://sqlite.org/pragma.html).
APPLICATION_ID = 0x676D6170

TABLES = """
CREATE TABLE provenance (
    provenance_key INTEGER PRIMARY KEY,
    version TEXT NOT NULL, gazetteer TEXT NOT NULL, model TEXT NOT NULL,
    settings_sha256 TEXT NOT NULL, worldview TEXT NOT NULL, contract INTEGER NOT NULL,
    UNIQUE (version, gazetteer, model, settings_sha256, worldview, contract)
);
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    started TEXT NOT NULL, ended TEXT, outcome TEXT,
    inputs TEXT NOT NULL, settings TEXT NOT NULL, provenance_key INTEGER REFERENCES provenance
);
CREATE TABLE stored_sources (
    source_key INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, input TEXT,
    size_bytes INTEGER, modified_ns INTEGER,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'removed')),
    provenance_key INTEGER REFERENCES provenance,
    run INTEGER NOT NULL, how TEXT NOT NULL DEFAULT ''
);
CREATE TABLE stored_articles (
    article_key INTEGER PRIMARY KEY,
    name TEXT NOT NULL, article_id TEXT NOT NULL, origin TEXT NOT NULL,
    source_key INTEGER NOT NULL REFERENCES stored_sources,
    kept INTEGER NOT NULL, run INTEGER NOT NULL, input_digest BLOB NOT NULL,
    title TEXT, source TEXT, url TEXT, published TEXT, language TEXT,
    text_sha256 TEXT NOT NULL, warnings TEXT NOT NULL,
    provenance_key INTEGER NOT NULL REFERENCES provenance,
    text TEXT NOT NULL, record BLOB NOT NULL,
    UNIQUE (name, origin)
);
CREATE TABLE places (
    place_id TEXT PRIMARY KEY,
    name TEXT NOT NULL, country TEXT, admin1 TEXT, lon REAL NOT NULL, lat REAL NOT NULL,
    feature_class TEXT NOT NULL, feature_code TEXT NOT NULL, radius_km REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE stored_toponyms (
    article_key INTEGER NOT NULL, toponym INTEGER NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    reading TEXT NOT NULL, confidence REAL NOT NULL, place_id TEXT, reason TEXT,
    PRIMARY KEY (article_key, toponym)
) WITHOUT ROWID;
CREATE TABLE stored_events (
    article_key INTEGER NOT NULL, event_number INTEGER NOT NULL,
    id TEXT NOT NULL, type TEXT NOT NULL, subtype TEXT,
    date_start TEXT, date_end TEXT, date_precision TEXT,
    factuality TEXT NOT NULL, speaker TEXT, organisation TEXT, side TEXT, verb TEXT,
    "trigger" TEXT NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,
    geometry TEXT, geometry_method TEXT, uncertainty_km REAL,
    west REAL, south REAL, east REAL, north REAL,
    confidence REAL NOT NULL, weapon TEXT,
    killed INTEGER, injured INTEGER, evacuated INTEGER, exchanged INTEGER,
    PRIMARY KEY (article_key, event_number)
) WITHOUT ROWID;
CREATE TABLE stored_event_places (
    article_key INTEGER NOT NULL, event_number INTEGER NOT NULL, position INTEGER NOT NULL,
    role TEXT NOT NULL, toponym INTEGER NOT NULL, place_id TEXT,
    PRIMARY KEY (article_key, event_number, position)
) WITHOUT ROWID;
CREATE TABLE stored_actors (
    article_key INTEGER NOT NULL, event_number INTEGER NOT NULL, position INTEGER NOT NULL,
    text TEXT NOT NULL, role TEXT NOT NULL, side TEXT,
    PRIMARY KEY (article_key, event_number, position)
) WITHOUT ROWID;
CREATE TABLE stored_failures (
    failure_key INTEGER PRIMARY KEY,
    origin TEXT NOT NULL, source_key INTEGER NOT NULL REFERENCES stored_sources,
    article_id TEXT, stage TEXT NOT NULL, reason TEXT NOT NULL, hint TEXT NOT NULL,
    run INTEGER NOT NULL
);
"""

# Since schema 2. ``rank`` orders articles: day of publication, origin, name.
COPIES_AND_MERGES = """
CREATE TABLE stored_signatures (
    signature_key INTEGER PRIMARY KEY,
    text_sha256 TEXT NOT NULL UNIQUE, minhash BLOB NOT NULL, is_indexed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE stored_bands (
    band INTEGER NOT NULL, signature_key INTEGER NOT NULL,
    PRIMARY KEY (band, signature_key)
) WITHOUT ROWID;
CREATE TABLE stored_copies (
    article_key INTEGER PRIMARY KEY,
    signature_key INTEGER NOT NULL, rank TEXT NOT NULL UNIQUE,
    nearest TEXT, similarity REAL, original TEXT
);
CREATE INDEX copies_of_signature ON stored_copies (signature_key, rank);
CREATE INDEX copies_of_nearest ON stored_copies (nearest) WHERE nearest IS NOT NULL;
CREATE TABLE stored_changes (article_key INTEGER PRIMARY KEY);
CREATE TABLE stored_merges (
    number INTEGER PRIMARY KEY, merged_id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL, subtype TEXT,
    date_start TEXT, date_end TEXT, date_precision TEXT, date_text TEXT,
    geometry TEXT, west REAL, south REAL, east REAL, north REAL,
    confidence REAL NOT NULL, independent INTEGER NOT NULL, sources TEXT NOT NULL,
    contested INTEGER NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE stored_merge_claims (
    number INTEGER NOT NULL, claim INTEGER NOT NULL, factuality TEXT NOT NULL,
    speaker TEXT, organisation TEXT, side TEXT, verb TEXT,
    PRIMARY KEY (number, claim)
) WITHOUT ROWID;
CREATE TABLE stored_merge_members (
    number INTEGER NOT NULL, position INTEGER NOT NULL, claim INTEGER NOT NULL,
    article_id TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (number, position)
) WITHOUT ROWID;
CREATE INDEX merges_of_articles ON stored_merge_members (article_id);
CREATE INDEX merges_by_type ON stored_merges (type, date_start);
"""

# Since schema 3. The number of a merge is that of its cluster, which its first report gives it.
# ``stored_rules`` holds geomap.events.merge.RULES_VERSION, once all was merged by it.
KEPT_CLUSTERS = """
ALTER TABLE stored_merges ADD COLUMN first_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stored_merges ADD COLUMN first_article TEXT NOT NULL DEFAULT '';
ALTER TABLE stored_merges ADD COLUMN first_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE stored_merges ADD COLUMN first_event INTEGER NOT NULL DEFAULT 0;
CREATE INDEX merges_in_order
    ON stored_merges (first_day, first_article, first_digest, first_event);
CREATE TABLE stored_reports (
    number INTEGER NOT NULL, position INTEGER NOT NULL,
    article_key INTEGER NOT NULL, event_number INTEGER NOT NULL, report TEXT NOT NULL,
    PRIMARY KEY (number, position)
) WITHOUT ROWID;
CREATE INDEX reports_of_articles ON stored_reports (article_key);
CREATE TABLE stored_blocks (
    block INTEGER NOT NULL, is_head INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (block, is_head, number)
) WITHOUT ROWID;
CREATE TABLE stored_rules (rules INTEGER NOT NULL);
CREATE INDEX copies_of_original ON stored_copies (original) WHERE original IS NOT NULL;
"""

INDEXES = """
CREATE INDEX articles_in_order ON stored_articles (article_id, origin) WHERE kept;
CREATE INDEX articles_of_source ON stored_articles (source_key);
CREATE INDEX sources_open ON stored_sources (state, source_key);
CREATE INDEX events_by_type ON stored_events (type, date_start);
CREATE INDEX events_by_day ON stored_events (date_start);
CREATE INDEX events_by_place ON stored_event_places (place_id);
CREATE INDEX failures_of_source ON stored_failures (source_key);
"""

VIEWS = """
CREATE VIEW articles AS
SELECT a.article_id, a.origin, a.title, a.source, a.url, a.published, a.language, a.text,
       a.text_sha256, a.warnings, p.version AS geomap_version, p.gazetteer, p.model,
       p.settings_sha256, p.worldview, o.article_id AS copy_of
FROM stored_articles a JOIN provenance p USING (provenance_key)
LEFT JOIN stored_copies c ON c.article_key = a.article_key
LEFT JOIN stored_copies r ON r.rank = c.original
LEFT JOIN stored_articles o ON o.article_key = r.article_key WHERE a.kept;
CREATE VIEW copies AS
SELECT a.article_id, a.origin, o.article_id AS copy_of, o.origin AS origin_of_original,
       CASE WHEN a.text_sha256 = o.text_sha256 THEN 'exact' ELSE 'near' END AS kind, c.similarity
FROM stored_copies c JOIN stored_articles a USING (article_key)
JOIN stored_copies r ON r.rank = c.original
JOIN stored_articles o ON o.article_key = r.article_key;
CREATE VIEW toponyms AS
SELECT a.article_id, t.toponym, t."start", t."end", t.text, t.reading, t.confidence, t.reason,
       t.place_id, p.name, p.country, p.admin1, p.lon, p.lat, p.feature_class, p.feature_code,
       p.radius_km
FROM stored_toponyms t JOIN stored_articles a USING (article_key)
LEFT JOIN places p ON p.place_id = t.place_id WHERE a.kept;
CREATE VIEW events AS
SELECT a.article_id || '/' || e.id AS event_id, a.article_id, e.event_number, e.type, e.subtype,
       e.date_start, e.date_end, e.date_precision, e.factuality, e.speaker, e.organisation,
       e.side, e.verb, e."trigger",
       substr(a.text, e.sentence_start + 1, e.sentence_end - e.sentence_start) AS sentence,
       e.geometry, e.geometry_method, e.uncertainty_km, e.west, e.south, e.east, e.north,
       e.confidence, e.weapon, e.killed, e.injured, e.evacuated, e.exchanged,
       p.country, p.admin1, a.source, a.published, a.title, a.url, o.article_id AS copy_of
FROM stored_events e JOIN stored_articles a USING (article_key)
LEFT JOIN stored_copies c ON c.article_key = e.article_key
LEFT JOIN stored_copies r ON r.rank = c.original
LEFT JOIN stored_articles o ON o.article_key = r.article_key
LEFT JOIN stored_event_places f ON f.article_key = e.article_key
    AND f.event_number = e.event_number AND f.position = 0
LEFT JOIN places p ON p.place_id = f.place_id WHERE a.kept;
CREATE VIEW event_places AS
SELECT a.article_id || '/' || e.id AS event_id, f.position, f.role, f.toponym, f.place_id,
       p.name, p.country, p.admin1, p.lon, p.lat
FROM stored_event_places f JOIN stored_events e USING (article_key, event_number)
JOIN stored_articles a USING (article_key) LEFT JOIN places p ON p.place_id = f.place_id
WHERE a.kept;
CREATE VIEW event_actors AS
SELECT a.article_id || '/' || e.id AS event_id, t.position, t.text, t.role, t.side
FROM stored_actors t JOIN stored_events e USING (article_key, event_number)
JOIN stored_articles a USING (article_key) WHERE a.kept;
CREATE VIEW claims AS
SELECT event_id, article_id, factuality, speaker, organisation, side, verb, sentence
FROM events WHERE factuality <> 'asserted'
    OR coalesce(speaker, organisation, side, verb) IS NOT NULL;
CREATE VIEW merged_events AS
SELECT m.merged_id, m.type, m.subtype, m.date_start, m.date_end,
       m.date_precision, m.geometry, m.west, m.south, m.east, m.north, m.confidence,
       m.independent, (SELECT count(*) FROM stored_merge_members s WHERE s.number = m.number)
           AS reports, m.sources, m.contested, m.reason
FROM stored_merges m ORDER BY m.first_day, m.first_article, m.first_digest, m.first_event;
CREATE VIEW merge_members AS
SELECT m.merged_id, s.article_id || '/' || s.id AS event_id, s.article_id, s.claim
FROM stored_merge_members s JOIN stored_merges m USING (number);
CREATE VIEW merge_claims AS
SELECT m.merged_id, c.claim, c.factuality, c.speaker, c.organisation, c.side, c.verb
FROM stored_merge_claims c JOIN stored_merges m USING (number);
CREATE VIEW failures AS
SELECT origin, stage, reason, hint, article_id FROM stored_failures;
CREATE VIEW sources AS
SELECT s.origin, s.state, s.size_bytes, s.modified_ns,
       (SELECT count(*) FROM stored_articles a WHERE a.source_key = s.source_key AND a.kept)
           AS articles
FROM stored_sources s;
"""
