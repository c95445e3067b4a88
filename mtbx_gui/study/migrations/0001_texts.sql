-- The lossless layer (files and their records as they came) and every curatable text.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,          -- relative to the imported root; export writes it there again
    layout TEXT NOT NULL,               -- question, question_original, corrections, reference_answer, judge_prompts, ...
    language TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES file (id),
    position INTEGER NOT NULL,          -- order within the file
    identity TEXT NOT NULL,             -- what the record is about; a later line of the same identity is newer
    raw TEXT NOT NULL,                  -- the line as it was read
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE INDEX record_by_file ON record (file_id, position);

CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    question_id TEXT NOT NULL,          -- '81' for 81, "81" and "81_DE"
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    position INTEGER NOT NULL,
    record_id INTEGER REFERENCES record (id),
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL,
    UNIQUE (question_id, language)
);

CREATE TABLE field (
    id INTEGER PRIMARY KEY,
    language TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('turn', 'reference', 'judge_reference', 'judge_prompt', 'sample')),
    question_id TEXT NOT NULL,          -- '' for judge prompts
    name TEXT NOT NULL,                 -- reference set, "prompt set/prompt name", data set, or ''
    position INTEGER NOT NULL,          -- turn - 1, message index, or 0 system_prompt / 1 prompt_template
    UNIQUE (language, kind, question_id, name, position)
);

CREATE TABLE text (
    id INTEGER PRIMARY KEY,
    field_id INTEGER NOT NULL REFERENCES field (id),
    role TEXT NOT NULL CHECK (role IN ('source', 'machine', 'edit')),
    text TEXT NOT NULL,
    origin TEXT NOT NULL,               -- "import:<path>", "run:<id>", "window", "cli"
    key TEXT UNIQUE,                    -- content key of a collected piece; NULL for a person's edit
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE INDEX text_by_field ON text (field_id, role, id);

CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY,
    fact TEXT NOT NULL CHECK (fact IN ('text', 'vote', 'answer', 'judgment')),
    fact_id INTEGER NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE INDEX withdrawal_by_fact ON withdrawal (fact, fact_id);

CREATE TABLE setting (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    value TEXT NOT NULL,                -- JSON
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE INDEX setting_by_key ON setting (key, id);

CREATE TRIGGER text_is_a_fact BEFORE UPDATE ON text BEGIN SELECT RAISE(ABORT, 'a text is never changed'); END;
CREATE TRIGGER text_stays BEFORE DELETE ON text BEGIN SELECT RAISE(ABORT, 'a text is never deleted'); END;
CREATE TRIGGER record_is_a_fact BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;
CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
CREATE TRIGGER setting_is_a_fact BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'a setting is never changed'); END;
CREATE TRIGGER withdrawal_stays BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'a withdrawal is never deleted'); END;
