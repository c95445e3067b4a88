-- What models answered, what judges and people said about it.
CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,                 -- folder of a fine-tuned model, '' when only its answers are known
    detail TEXT NOT NULL,               -- JSON: mixture, base model, run
    origin TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);

CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    model TEXT NOT NULL,
    question_id TEXT NOT NULL,
    language TEXT NOT NULL,
    turns TEXT NOT NULL,                -- JSON array of the turns' texts
    detail TEXT NOT NULL,               -- JSON: answer_id, finish reasons, token counts, seed, engine, tstamp
    record_id INTEGER REFERENCES record (id),
    origin TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL
);
CREATE INDEX answer_by_item ON answer (question_id, language, model, id);

CREATE TABLE judgment (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL CHECK (mode IN ('single', 'pair')),
    judge TEXT NOT NULL,
    prompt_name TEXT NOT NULL,
    question_id TEXT NOT NULL,
    language TEXT NOT NULL,
    turn INTEGER NOT NULL,
    repetition INTEGER NOT NULL,
    model_1 TEXT NOT NULL,
    model_2 TEXT,                       -- NULL for single
    game INTEGER NOT NULL,              -- 0 single; 1 model_1 shown as A; 2 model_2 shown as A
    score REAL CHECK (score BETWEEN 1 AND 10),
    verdict TEXT CHECK (verdict IN ('A', 'B', 'C', 'D')),
    reason TEXT,                        -- why there is neither score nor verdict
    user_prompt TEXT NOT NULL,
    text TEXT NOT NULL,                 -- what the judge wrote
    detail TEXT NOT NULL,               -- JSON: usage, cost, returned model, request id, ...
    record_id INTEGER REFERENCES record (id),
    origin TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL,
    CHECK ((score IS NOT NULL) + (verdict IS NOT NULL) + (reason IS NOT NULL) = 1)
);
CREATE INDEX judgment_by_item ON judgment (judge, mode, question_id, language, turn, repetition);

CREATE TABLE vote (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    annotator TEXT NOT NULL,
    question_id TEXT NOT NULL,
    language TEXT NOT NULL,
    turn INTEGER NOT NULL,
    model_1 TEXT NOT NULL,              -- names in sorted order
    model_2 TEXT NOT NULL,
    left_model TEXT NOT NULL,           -- shown as A
    displayed TEXT NOT NULL CHECK (displayed IN ('A', 'B', 'tie', 'both_bad', 'skip')),
    choice TEXT NOT NULL CHECK (choice IN ('model_1', 'model_2', 'tie', 'both_bad', 'skip')),
    supersedes TEXT,
    shown_at TEXT NOT NULL,
    active_ms INTEGER NOT NULL,
    comment TEXT NOT NULL,
    origin TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, app TEXT NOT NULL,
    CHECK (model_1 < model_2)
);
CREATE INDEX vote_by_item ON vote (annotator, question_id, language, turn, model_1, model_2, id);

CREATE TRIGGER answer_is_a_fact BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'an answer is never changed'); END;
CREATE TRIGGER answer_stays BEFORE DELETE ON answer BEGIN SELECT RAISE(ABORT, 'an answer is never deleted'); END;
CREATE TRIGGER judgment_is_a_fact BEFORE UPDATE ON judgment BEGIN SELECT RAISE(ABORT, 'a judgment is never changed'); END;
CREATE TRIGGER judgment_stays BEFORE DELETE ON judgment BEGIN SELECT RAISE(ABORT, 'a judgment is never deleted'); END;
CREATE TRIGGER vote_is_a_fact BEFORE UPDATE ON vote BEGIN SELECT RAISE(ABORT, 'a vote is never changed'); END;
CREATE TRIGGER vote_stays BEFORE DELETE ON vote BEGIN SELECT RAISE(ABORT, 'a vote is never deleted'); END;
