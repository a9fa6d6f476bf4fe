-- SPDX-License-Identifier: GPL-3.0-or-later
-- The ledger of photogate: what was decided about each photo, when, and on what grounds.
--
-- One table, to which lines are only ever added. Each line carries the digest of the line before it, so that a line
-- cannot be changed, left out or moved without every later digest ceasing to fit. `photogate verify` and, independently of it,
-- scripts/ledger_verify.py read the whole chain again and name the first line that does not fit.
--
--     digest = SHA-256( prev || canonical JSON of {"body": body, "kind": kind, "seq": seq, "time": time} )
--
-- No pupil's name, caption or original file name is in here: people are pseudonyms that only the holder of ledger.key can make.
--
-- What the bodies hold that is looked up by (more may stand beside it):
--
--     intent      batch    text, the name of the batch            source   64 hex digits, SHA-256 of the original photo
--                 file     "photo-0001.jpg"                       release  64 hex digits, SHA-256 of the published file
--                 photo    number of the photo in the batch
--     published   intent   number of the intent's line            recovered  true: found standing after a kill
--     abandoned   intent   number of the intent's line            reason   text
--     recalled    intent   number of the line of an intent that was published: its file was taken out of approved/ again
--     posted      intent   number of the line of an intent that is published   url   where somebody published its photo
--     taken-down  posted   number of the line that says where: the photo is no longer there
--     held        batch, source as above                          case     number the office asks about
--     rejected    as held
--     awaiting    as intent: its file stands in awaiting/ until a second person signs it off (an intent that names it as "awaiting")
--     declined    awaiting number of the line of what waited and was not published; batch, source as above
--     cleared     held     number of the line that was cleared; case, batch, source as there
--     destroyed   case     as held; source of the original that was deleted
--     disclosed   person   pseudonym of somebody of whom a copy of what is held was made
--     erased      person   pseudonym of somebody whose rows left the register: it is nobody's from then on
--
-- The chain is the evidence. The triggers below only stop accidents: who can write the file can drop them. For this reason
-- keep the line that `photogate verify` prints somewhere else; a chain that was cut off at its end, or made anew, no longer has that head.

PRAGMA application_id = 1885826148; -- "pgld": what `file ledger.db` shows
PRAGMA user_version = 1;            -- the form of this schema

CREATE TABLE entry (
    seq    INTEGER PRIMARY KEY, -- 1, 2, 3 ... without a gap
    time   TEXT NOT NULL,       -- 2026-11-20T18:00:00Z
    kind   TEXT NOT NULL,       -- founded, import, run, intent, published, abandoned, held, rejected, recalled, posted, taken-down, printed,
                                -- awaiting, declined, cleared, destroyed, disclosed, erased, purged,
                                -- alarm
    body   TEXT NOT NULL,       -- canonical JSON object
    prev   BLOB NOT NULL,       -- digest of the line before; 32 zero bytes in line 1
    digest BLOB NOT NULL
) STRICT;

CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is never changed');
END;

CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry is never deleted');
END;

-- Runs before INSERT OR REPLACE gets to remove anything.
CREATE TRIGGER entry_is_the_next BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
  OR NEW.prev IS NOT coalesce((SELECT digest FROM entry ORDER BY seq DESC LIMIT 1), zeroblob(32))
  OR length(NEW.digest) IS NOT 32
  OR json_valid(NEW.body) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must follow from the last one');
END;

-- An intent ends once: published or abandoned.
CREATE TRIGGER entry_ends_an_intent BEFORE INSERT ON entry
WHEN NEW.kind IN ('published', 'abandoned')
 AND (NOT EXISTS (SELECT 1 FROM entry AS i
                  WHERE i.seq = json_extract(NEW.body, '$.intent') AND i.kind = 'intent')
      OR EXISTS (SELECT 1 FROM entry AS o
                 WHERE o.kind IN ('published', 'abandoned')
                   AND json_extract(o.body, '$.intent') = json_extract(NEW.body, '$.intent')))
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must end an intent that nothing has ended yet');
END;

-- What was published may be recalled, once.
CREATE TRIGGER entry_recalls_once BEFORE INSERT ON entry
WHEN NEW.kind = 'recalled'
 AND (NOT EXISTS (SELECT 1 FROM entry AS p
                  WHERE p.kind IN ('published', 'abandoned') AND p.kind = 'published' -- as its index says it
                    AND json_extract(p.body, '$.intent') = json_extract(NEW.body, '$.intent'))
      OR EXISTS (SELECT 1 FROM entry AS r
                 WHERE r.kind = 'recalled'
                   AND json_extract(r.body, '$.intent') = json_extract(NEW.body, '$.intent')))
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must recall what is published and not recalled yet');
END;

-- Only what stands in approved/ is posted; what was posted is taken down once.
CREATE TRIGGER entry_posts_what_stands BEFORE INSERT ON entry
WHEN NEW.kind = 'posted'
 AND (NOT EXISTS (SELECT 1 FROM entry AS p
                  WHERE p.kind IN ('published', 'abandoned') AND p.kind = 'published'
                    AND json_extract(p.body, '$.intent') = json_extract(NEW.body, '$.intent'))
      OR EXISTS (SELECT 1 FROM entry AS r
                 WHERE r.kind = 'recalled'
                   AND json_extract(r.body, '$.intent') = json_extract(NEW.body, '$.intent')))
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must post what is published and not recalled');
END;

CREATE TRIGGER entry_takes_down_once BEFORE INSERT ON entry
WHEN NEW.kind = 'taken-down'
 AND (NOT EXISTS (SELECT 1 FROM entry AS p
                  WHERE p.seq = json_extract(NEW.body, '$.posted') AND p.kind = 'posted')
      OR EXISTS (SELECT 1 FROM entry AS t
                 WHERE t.kind = 'taken-down'
                   AND json_extract(t.body, '$.posted') = json_extract(NEW.body, '$.posted')))
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must take down what is posted and not taken down yet');
END;

-- What waits for a second person is declined at most once; only what is held is cleared.
CREATE TRIGGER entry_declines_once BEFORE INSERT ON entry
WHEN NEW.kind = 'declined'
 AND (NOT EXISTS (SELECT 1 FROM entry AS w
                  WHERE w.seq = json_extract(NEW.body, '$.awaiting') AND w.kind = 'awaiting')
      OR EXISTS (SELECT 1 FROM entry AS d
                 WHERE d.kind = 'declined'
                   AND json_extract(d.body, '$.awaiting') = json_extract(NEW.body, '$.awaiting')))
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must decline what waits and is not declined yet');
END;

CREATE TRIGGER entry_clears_what_is_held BEFORE INSERT ON entry
WHEN NEW.kind = 'cleared'
 AND NOT EXISTS (SELECT 1 FROM entry AS h
                 WHERE h.seq = json_extract(NEW.body, '$.held') AND h.kind = 'held')
BEGIN
    SELECT RAISE(ABORT, 'a ledger entry must clear what is held');
END;

-- Look-ups read the bodies themselves, so no column can say otherwise than what the digest vouches for.
CREATE INDEX entry_of_intents ON entry (seq)
    WHERE kind = 'intent';
CREATE INDEX entry_by_source ON entry (json_extract(body, '$.batch'), json_extract(body, '$.source'))
    WHERE kind IN ('intent', 'held', 'rejected');
CREATE INDEX entry_by_case ON entry (json_extract(body, '$.case'))
    WHERE kind IN ('held', 'rejected');
CREATE INDEX entry_by_photo ON entry (json_extract(body, '$.batch'), json_extract(body, '$.photo'))
    WHERE kind = 'intent';
CREATE INDEX entry_by_recall ON entry (json_extract(body, '$.intent'))
    WHERE kind = 'recalled';
CREATE INDEX entry_by_posted ON entry (json_extract(body, '$.posted'))
    WHERE kind = 'taken-down';
CREATE INDEX entry_by_intent ON entry (json_extract(body, '$.intent'))
    WHERE kind IN ('published', 'abandoned');
CREATE INDEX entry_by_awaiting ON entry (json_extract(body, '$.awaiting'))
    WHERE kind = 'declined';
