CREATE TABLE scores (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    sheet TEXT NOT NULL,
    version TEXT NOT NULL,
    revision INTEGER NOT NULL,
    low INTEGER,
    high INTEGER,
    band TEXT,
    missing TEXT NOT NULL,
    result TEXT NOT NULL,
    computed_at TEXT NOT NULL,
    PRIMARY KEY (case_id, sheet)
)

CREATE INDEX decisions_of_a_verdict ON decisions (verdict)
