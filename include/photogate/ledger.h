/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger: what was decided, when, on what grounds. Append-only, chained by SHA-256, in SQLite.
 *
 * An entry is (seq, time, kind, body). `body` is canonical JSON: object keys sorted by code point,
 * no white space, integers only, strings in UTF-8 with the shortest escapes (RFC 8785 for the types
 * used). Its digest is
 *     SHA-256( previous digest (32 bytes) || canonical JSON of
 *     {"body":...,"kind":...,"seq":...,"time":...} )
 * and the first entry's previous digest is all zero. Nothing else is stored about an entry:
 * look-ups go through expression indexes over the body, so no column can disagree with what was
 * signed for.
 *
 * No pupil's name, caption or file name enters the ledger: people are pseudonyms,
 * HMAC-SHA-256(ledger.key, register reference), first 16 bytes in hex. Erasing a pupil's register
 * row makes the pseudonym nobody's and leaves the chain whole.
 *
 * One writer at a time (the run's lock); readers any number. WAL and synchronous=FULL: a committed
 * entry survives a power cut.
 *
 * Members of a body that look-ups rely on, and without which ledger_append refuses it (FORMAT);
 * more may stand beside them:
 *     intent            "batch" and "file" (names: no '/', no '.' in front), "source" and "release"
 *                       (SHA-256, 64 hex digits), "photo" (number in the batch, from 1)
 *     published         "intent" (seq), "recovered" (boolean)
 *     abandoned         "intent" (seq)
 *     recalled          "intent" (seq of one that was published), once
 *     posted            "intent" (seq of one that was published and is not recalled), "url"
 *     taken-down        "posted" (seq), once
 *     held, rejected    "batch", "source", "case" (number, from 1)
 *     awaiting          as intent; "renews" (seq) when it takes an older one's place
 *     declined          "awaiting" (seq of one that nothing declined before), "batch", "source"
 *     cleared           "held" (seq of a held entry), "case", "batch", "source"
 *     destroyed         "case", "source"
 *     disclosed, erased "person" (a pseudonym)
 * An intent ends once: a second published or abandoned for it, or one that names no intent, is
 * refused (BROKEN).
 *
 * RFC 8785 sorts keys by UTF-16 units, this ledger by code point: the same for every key up to
 * U+FFFF, and all of ours are ASCII. Integers stay within 2^53 - 1 (RFC 7493), so that any JSON
 * reader sees the same number.
 */
#ifndef PHOTOGATE_LEDGER_H
#define PHOTOGATE_LEDGER_H

#include <jansson.h>

#include "photogate/arena.h"
#include "photogate/digest.h"
#include "photogate/text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ENTRY_KIND_LIST(X)                                                                         \
    X(FOUNDED, "founded")     /* the ledger itself: school, program version */                     \
    X(IMPORT, "import")       /* files' digests, counts, register version and digest */            \
    X(RUN, "run")             /* batch, channel, policy, register, assurance, confinement */       \
    X(INTENT, "intent")       /* about to publish: batch, source, release, file, ruling */         \
    X(PUBLISHED, "published") /* it stands in approved/: intent seq; perhaps recovered */          \
    X(ABANDONED, "abandoned") /* it does not, after a kill: intent seq */                          \
    X(HELD, "held")           /* batch, source, case, hits */                                      \
    X(REJECTED, "rejected")                                                                        \
    X(RECALLED, "recalled")   /* taken out of approved/ again: intent seq, case or hits */         \
    X(POSTED, "posted")       /* published out there by somebody: intent seq, url, on, by */       \
    X(TAKEN_DOWN, "taken-down") /* it is no longer there: posted seq, by, perhaps reason */        \
    X(PRINTED, "printed")     /* a sheet of who may not be shown: classes, channels, by, digest */  \
    X(AWAITING, "awaiting")   /* waits in awaiting/ for a second person: as intent; by, renews */   \
    X(DECLINED, "declined")   /* it waits no longer and was not published: awaiting seq, why */    \
    X(CLEARED, "cleared")     /* a held photo was looked at: held seq, case, rules, role, by */     \
    X(DESTROYED, "destroyed") /* an original was deleted: case, source, role, by, reason */        \
    X(DISCLOSED, "disclosed") /* a copy of what is held on a person: person, by, digest */         \
    X(ERASED, "erased")       /* a person leaves the register: person, by, reason, counts */       \
    X(PURGED, "purged")       /* what the time of retention takes: by, counts, days */             \
    X(ALARM, "alarm")         /* something stands in approved/ that nobody intended */

enum entry_kind {
    ENTRY_UNKNOWN,
#define X(symbol, name) ENTRY_##symbol,
    ENTRY_KIND_LIST(X)
#undef X
    N_ENTRY_KINDS
};

struct ledger;

enum ledger_mode { LEDGER_READ, LEDGER_WRITE, LEDGER_CREATE };

/* Open `ledger.db` and `ledger.key` in the school's folder `home`. CREATE makes both, mode 0600,
 * and refuses existing ones. WRITE checks that the head chains to the entry before it (a full check
 * is ledger_verify), that the triggers are the ones of consent/sql/ledger.sql, and that nobody but
 * its owner can read the key. READ does without the key (then ledger_pseudonym fails IO), without
 * write permission (the -wal and -shm that the last writer left serve), and on a read-only file
 * system. A lone ledger.db in a folder that others can write and this reader cannot fails IO: copy
 * it first.
 * fails    IO; FORMAT not a ledger, or damaged; BROKEN head does not chain, or triggers changed;
 *          BUSY */
enum status ledger_open(const char *home, enum ledger_mode mode, struct ledger **out,
                        struct err *err);
void ledger_close(struct ledger *l);

/* Entries are appended between begin and commit; rollback forgets them. The commit returns when
 * they are durable. `body` is borrowed; `time` is RFC 3339, UTC, whole seconds; a time before the
 * last entry's is recorded as given. After an append failed, commit fails too and nothing is
 * written. A commit that failed has rolled back. `seq` may be NULL.
 * fails    BUSY another writer; FORMAT body or time; BROKEN ends no open intent; LIMIT, IO, NOMEM
 */
enum status ledger_begin(struct ledger *l, struct err *err);
enum status ledger_append(struct ledger *l, enum entry_kind kind, const char *time, json_t *body,
                          int64_t *seq, struct err *err);
enum status ledger_commit(struct ledger *l, struct err *err);
void ledger_rollback(struct ledger *l);

/* An entry as read back; `body` is a new reference. */
struct entry {
    int64_t seq;
    enum entry_kind kind;
    char time[24];
    json_t *body;
    struct digest digest;
};
void entry_release(struct entry *e);

/* Look-ups. *found is false, and *out untouched, when there is none. An entry that its own digest
 * does not vouch for is not handed out: BROKEN. */
enum status ledger_entry(struct ledger *l, int64_t seq, struct entry *out, bool *found,
                         struct err *err);
enum status ledger_head(struct ledger *l, struct entry *out, bool *found, struct err *err);
/* The last intent (that was published), held or rejected entry of this source digest in this batch.
 */
enum status ledger_last_ruling(struct ledger *l, struct text batch, const struct digest *source,
                               struct entry *out, bool *found, struct err *err);
/* The last held or rejected entry of a case number. */
enum status ledger_case(struct ledger *l, int64_t case_no, struct entry *out, bool *found,
                        struct err *err);
/* Highest case number used so far; highest photo number published or intended in a batch; 0 for
 * none. */
enum status ledger_last_case(struct ledger *l, int64_t *out, struct err *err);
enum status ledger_last_photo(struct ledger *l, struct text batch, int64_t *out, struct err *err);

/* Call `each` for every entry of the kinds in the bit set (1u << ENTRY_...), by seq; stops at the
 * first status but OK. `each` borrows the entry and may itself look up, begin, append and commit;
 * what it appends is not visited. */
enum status ledger_each(struct ledger *l, unsigned kinds,
                        enum status (*each)(void *context, const struct entry *e, struct err *err),
                        void *context, struct err *err);
/* Intents neither published nor abandoned, by seq: what a kill left. */
enum status ledger_pending(struct ledger *l,
                           enum status (*each)(void *context, const struct entry *e,
                                               struct err *err),
                           void *context, struct err *err);

/* 32 hex digits and NUL for a register reference. */
#define PSEUDONYM_BYTES 33
enum status ledger_pseudonym(const struct ledger *l, struct text reference,
                             char out[PSEUDONYM_BYTES], struct err *err);

/* What a full reading of the chain found. */
struct ledger_state {
    int64_t n_entries;
    struct digest head;
    int64_t first_bad; /* seq of the first entry altered, missing or out of order; 0 when whole */
    char trouble[160]; /* what is wrong with it; empty when whole */
};
/* Read every entry in order, and check that it follows from the one before it and that each intent
 * ends at most once. A break is data: OK, with first_bad and trouble ("it was altered: ...", "it is
 * missing"); n_entries and head are then those before it. What no chain can tell without a head
 * noted elsewhere: that its end was cut off, or that all of it was made anew.
 * fails    IO, NOMEM; though every entry is whole: FORMAT the file is damaged (an index says
 *          otherwise than its entry), BROKEN the triggers were changed
 * units    memory: one entry, and one byte for each entry read */
enum status ledger_verify(struct ledger *l, struct ledger_state *out, struct err *err);

const char *entry_kind_name(enum entry_kind k);

/* The bytes the chain is made of: canonical JSON, appended to `out`. Fails FORMAT for a real number
 * or an invalid string. */
enum status json_canonical(const json_t *value, struct buffer *out, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
