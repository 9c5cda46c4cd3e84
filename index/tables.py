"""The tables of the database."""

from __future__ import annotations

SCHEMA_VERSION = "5"
"""Of the tables below: a database of another version is made again, never misread."""

SCHEMA = """CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE root (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, device TEXT NOT NULL);
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    root_id INTEGER NOT NULL REFERENCES root ON DELETE CASCADE,
    path TEXT NOT NULL,             -- below the root, with slashes; empty when the root is the file
    stamp TEXT NOT NULL, digest TEXT NOT NULL,
    status TEXT NOT NULL,           -- read | failed | skipped | left out
    reason TEXT, encoding TEXT, indexed_at TEXT NOT NULL,
    correction TEXT NOT NULL,       -- digest of what its user put right of it
    UNIQUE (root_id, path)
);
CREATE TABLE problem (file_id INTEGER NOT NULL REFERENCES file ON DELETE CASCADE, place TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE formerly (name TEXT PRIMARY KEY, file_id INTEGER NOT NULL REFERENCES file ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES file ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE,
    ordinal INTEGER NOT NULL,               -- its place among the documents of its file, from 0
    record TEXT, content TEXT NOT NULL,     -- digest of all that the reader gave
    text_digest TEXT NOT NULL, length INTEGER NOT NULL, fidelity TEXT NOT NULL,
    genre TEXT NOT NULL,
    person_id INTEGER,                      -- its author, derived as `person` is
    conversation INTEGER,                   -- the first of the records that are turns of one conversation, this one's among them
    title TEXT, published TEXT, published_note TEXT, author TEXT, source TEXT, url TEXT, language TEXT, extra TEXT NOT NULL,
    locators TEXT NOT NULL, notes TEXT NOT NULL
);
CREATE TABLE kept (                         -- of documents that were drawn out of their files (index.kept)
    document_id INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
    body BLOB NOT NULL, layout BLOB
);
CREATE TABLE vector (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, data BLOB NOT NULL, sentences BLOB NOT NULL,
    crc INTEGER NOT NULL    -- of both
);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, role TEXT NOT NULL, paragraph INTEGER NOT NULL, line INTEGER NOT NULL,
    heading TEXT, sentences TEXT NOT NULL, text TEXT NOT NULL,
    vector_id INTEGER REFERENCES vector     -- of body passages only: the others are not ranked
);
CREATE TABLE utterance (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    start INTEGER NOT NULL, parts TEXT NOT NULL, mode TEXT NOT NULL, form TEXT NOT NULL, rule TEXT NOT NULL,
    mention TEXT, cue TEXT, name TEXT, role TEXT, because TEXT,
    person_id INTEGER                       -- derived, as `person` is: from what all documents together tell
);
CREATE TABLE said (                         -- which utterance has words in which ranked passage
    passage_id INTEGER NOT NULL REFERENCES passage ON DELETE CASCADE,
    utterance_id INTEGER NOT NULL REFERENCES utterance ON DELETE CASCADE,
    PRIMARY KEY (passage_id, utterance_id)
) WITHOUT ROWID;
CREATE TABLE known (
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    name TEXT NOT NULL, kind TEXT NOT NULL, role TEXT, gender TEXT, count INTEGER NOT NULL
);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data TEXT NOT NULL);
CREATE INDEX utterance_document ON utterance (document_id, start);
CREATE INDEX utterance_person ON utterance (person_id);
CREATE INDEX said_utterance ON said (utterance_id);
CREATE INDEX known_document ON known (document_id);
CREATE INDEX passage_document ON passage (document_id, start);
CREATE INDEX passage_vector ON passage (vector_id);
CREATE INDEX document_file ON document (file_id, ordinal);
CREATE INDEX formerly_file ON formerly (file_id);
-- Stems, not words: the analysis is ours (index.words), FTS5 only splits at the blanks ("ascii" takes all else for letters).
CREATE VIRTUAL TABLE full_text USING fts5(title, text, tokenize = "ascii");
CREATE VIRTUAL TABLE full_text_terms USING fts5vocab(full_text, row);
"""
