-- Which runs belong to the study; their state lives in their directories.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    spec TEXT NOT NULL,                 -- run.json as it was written
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE TABLE collected (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    pieces INTEGER NOT NULL,            -- new pieces taken in
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE INDEX collected_by_run ON collected (run_id, id);
