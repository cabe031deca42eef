CREATE TABLE papers (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT,
    authors TEXT NOT NULL,
    year INTEGER,
    journal TEXT,
    doi TEXT,
    pmid TEXT,
    duplicate_of TEXT,
    text TEXT NOT NULL,
    statements TEXT NOT NULL
)

CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    paper TEXT NOT NULL REFERENCES papers (id),
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    reported_by TEXT,
    revision INTEGER NOT NULL,
    present INTEGER NOT NULL
)

CREATE INDEX cases_of_a_paper ON cases (paper, number)

CREATE TABLE claims (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    number DOUBLE PRECISION,
    quotes TEXT NOT NULL,
    method TEXT NOT NULL,
    certainty TEXT NOT NULL,
    derivation TEXT,
    origin TEXT NOT NULL,
    latest INTEGER NOT NULL,
    standing TEXT NOT NULL,
    PRIMARY KEY (case_id, position)
)

CREATE INDEX values_of_a_field ON claims (field, value, case_id) WHERE standing = 'chosen'

CREATE INDEX numbers_of_a_field ON claims (field, number, case_id) WHERE standing = 'chosen' AND number IS NOT NULL

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    paper TEXT NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    verdict TEXT NOT NULL,
    corrected TEXT,
    words_start INTEGER,
    words_end INTEGER,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    note TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
)

CREATE INDEX decisions_on_a_case ON decisions (case_id)

CREATE TABLE differences (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    field TEXT NOT NULL,
    decided TEXT NOT NULL,
    reads TEXT NOT NULL,
    why TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    settled_by INTEGER REFERENCES decisions (id)
)

CREATE INDEX differences_of_a_case ON differences (case_id)

CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    version TEXT NOT NULL,
    cases INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at TEXT NOT NULL
)

CREATE INDEX imports_of_a_name ON imports (name)

CREATE INDEX imports_of_a_file ON imports (sha256)
