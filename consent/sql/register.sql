-- SPDX-License-Identifier: GPL-3.0-or-later
-- The register: people and what was said about their photos.
--
-- This file is the register's only definition: it is built into the program, and a register whose tables are not these is
-- refused. `photogate import` writes here; `subject erase` and `purge` delete a person, lifting the triggers for that one
-- transaction; nothing else does. A consent is an event: it is added, never changed. What
-- counts on a day is worked out from the events, so the question "what was the consent on that day?" keeps its answer.
--
-- Dates are ISO 8601 text (2026-11-20), NULL when there is none. The reason why a child may not be shown has no column, on purpose.

PRAGMA application_id = 0x50475247; -- "PGRG"
PRAGMA user_version = 1;

-- One row: counts up with each import and each erasure, 0 for an empty register.
CREATE TABLE meta (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL CHECK (version >= 0)
) STRICT;
INSERT INTO meta (one, version) VALUES (1, 0);

CREATE TABLE import (
    id         INTEGER PRIMARY KEY CHECK (id > 0), -- = the register's version after it
    applied_on TEXT NOT NULL CHECK (date(applied_on) IS applied_on),
    policy     TEXT NOT NULL                       -- the profile that said which column holds which consent
) STRICT;

CREATE TABLE import_file (
    id        INTEGER PRIMARY KEY,
    import    INTEGER NOT NULL REFERENCES import (id),
    name      TEXT NOT NULL, -- without its folders
    sha256    TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    kind      TEXT NOT NULL CHECK (kind IN ('pupil', 'staff')),
    n_rows    INTEGER NOT NULL CHECK (n_rows >= 0),
    n_refused INTEGER NOT NULL CHECK (n_refused BETWEEN 0 AND n_rows)
) STRICT;

CREATE TABLE person (
    id                     INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0), -- never used again
    kind                   TEXT NOT NULL CHECK (kind IN ('pupil', 'staff')),
    reference              TEXT NOT NULL UNIQUE -- random: what pseudonyms are made from
                           CHECK (length(reference) = 32 AND reference NOT GLOB '*[^0-9a-f]*'),
    upn                    TEXT UNIQUE CHECK (length(upn) = 13),
    admission_no           TEXT CHECK (admission_no <> ''),
    title                  TEXT NOT NULL,
    legal_forename         TEXT NOT NULL,
    middle_names           TEXT NOT NULL,
    legal_surname          TEXT NOT NULL,
    known_forename         TEXT NOT NULL,
    known_surname          TEXT NOT NULL,
    year_group             TEXT NOT NULL,
    reg_group              TEXT NOT NULL,
    staff_role             TEXT NOT NULL,
    date_of_birth          TEXT CHECK (date(date_of_birth) IS date_of_birth),
    date_of_leaving        TEXT CHECK (date(date_of_leaving) IS date_of_leaving),
    on_roll                TEXT NOT NULL CHECK (on_roll IN ('unknown', 'no', 'yes')),
    do_not_publish         TEXT NOT NULL CHECK (do_not_publish IN ('unknown', 'no', 'yes')),
    child_objection        TEXT NOT NULL CHECK (child_objection IN ('unknown', 'no', 'yes')),
    do_not_publish_unclear TEXT NOT NULL
                           CHECK (do_not_publish_unclear = '' OR do_not_publish = 'unknown'),
    first_import           INTEGER NOT NULL REFERENCES import (id),
    last_import            INTEGER NOT NULL REFERENCES import (id),
    CHECK (legal_forename <> '' OR legal_surname <> '')
) STRICT;

CREATE TABLE consent (
    id             INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0), -- in the order recorded; the ledger names it
    person         INTEGER NOT NULL REFERENCES person (id),
    purpose        TEXT NOT NULL
                   CHECK (purpose IN ('website', 'social_media', 'press', 'displays', 'name_with_photo')),
    state          TEXT NOT NULL
                   CHECK (state IN ('refused', 'withdrawn', 'objected', 'requested', 'unclear', 'granted')),
    method         TEXT CHECK (method IN ('verbal', 'paper', 'app', 'e-mail')),
    given_by       TEXT NOT NULL,
    notice_version TEXT NOT NULL, -- which privacy notice they were shown
    event_date     TEXT CHECK (date(event_date) IS event_date), -- when it was said
    effective_from TEXT NOT NULL CHECK (date(effective_from) IS effective_from),
    expires        TEXT CHECK (date(expires) IS expires), -- the last day it counts
    file           INTEGER NOT NULL REFERENCES import_file (id),
    row            INTEGER NOT NULL CHECK (row >= 0) -- line of that file, from 1
) STRICT;
CREATE INDEX consent_of_person ON consent (person, id);

-- What the register said of a person from one import on: "was this child on the list in March?" keeps its answer too.
CREATE TABLE status (
    id     INTEGER PRIMARY KEY CHECK (id > 0), -- in the order recorded
    person INTEGER NOT NULL REFERENCES person (id),
    field  TEXT NOT NULL CHECK (field IN ('on_roll', 'do_not_publish', 'child_objection')),
    value  TEXT NOT NULL CHECK (value IN ('unknown', 'no', 'yes')),
    import INTEGER NOT NULL REFERENCES import (id)
) STRICT;
CREATE INDEX status_of_person ON status (person, id);

-- These guard against accidents and against the program's own mistakes. The evidence against a person with a database tool is the
-- ledger, which records the register's digest with every ruling.
CREATE TRIGGER consent_is_never_changed BEFORE UPDATE ON consent
BEGIN
    SELECT RAISE(ABORT, 'a consent event is never changed: add another');
END;
CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent
BEGIN
    SELECT RAISE(ABORT, 'a consent event is never deleted');
END;
CREATE TRIGGER status_is_never_changed BEFORE UPDATE ON status
BEGIN
    SELECT RAISE(ABORT, 'what the register once said is never changed: add another');
END;
CREATE TRIGGER status_is_never_deleted BEFORE DELETE ON status
BEGIN
    SELECT RAISE(ABORT, 'what the register once said is never deleted');
END;
CREATE TRIGGER import_is_never_changed BEFORE UPDATE ON import
BEGIN
    SELECT RAISE(ABORT, 'the record of an import is never changed');
END;
CREATE TRIGGER import_is_never_deleted BEFORE DELETE ON import
BEGIN
    SELECT RAISE(ABORT, 'the record of an import is never deleted');
END;
CREATE TRIGGER import_file_is_never_changed BEFORE UPDATE ON import_file
BEGIN
    SELECT RAISE(ABORT, 'the record of an imported file is never changed');
END;
CREATE TRIGGER import_file_is_never_deleted BEFORE DELETE ON import_file
BEGIN
    SELECT RAISE(ABORT, 'the record of an imported file is never deleted');
END;
CREATE TRIGGER person_is_never_deleted BEFORE DELETE ON person
BEGIN
    SELECT RAISE(ABORT, 'a person is not deleted by an import');
END;
CREATE TRIGGER person_keeps_identity BEFORE UPDATE OF id, kind, reference, first_import ON person
BEGIN
    SELECT RAISE(ABORT, 'who a person is does not change');
END;
CREATE TRIGGER version_counts_up BEFORE UPDATE ON meta
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.one IS NOT OLD.one
BEGIN
    SELECT RAISE(ABORT, 'the version of the register counts up one by one');
END;
CREATE TRIGGER version_is_never_deleted BEFORE DELETE ON meta
BEGIN
    SELECT RAISE(ABORT, 'the version of the register is never deleted');
END;
