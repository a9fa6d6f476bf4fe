/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sign-off: a second person looks at what passed every rule, and only then it goes out.
 *
 * Where a channel's policy says second_person = always or if-possible, a run leaves what passes in
 * awaiting/. Sign-off shows each photo, has the checklist answered, and publishes by the protocol
 * of a run: the bytes are checked again, written to staging/, an intent that names who signed in
 * which role, rename into approved/, `published`. A kill leaves what run_recover can tell apart.
 *
 * What was judged by another register or policy, or shows somebody who may not be shown today, is
 * not signed off: the folder is run again first. Who handed a photo in does not sign it off;
 * with if-possible they may, alone, with a reason.
 *
 * Sequence: home_open (register, ledger for writing, lock), run_recover, sign_off_open, show
 * sign_off_photos, sign_off_do, sign_off_close.
 */
#ifndef PHOTOGATE_SIGN_OFF_H
#define PHOTOGATE_SIGN_OFF_H

#include "photogate/actor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* name for --confirm and the ledger, the question, where it comes from */
#define CHECKLIST(X)                                                                               \
    X(DRESS, "dress", "Everybody is appropriately dressed.", "Ladysmith, Use of images")           \
    X(DIGNITY, "dignity", "Nobody is ridiculed, hurt or embarrassed.", "Ladysmith, Use of images") \
    X(LOCATION, "location", "Nothing tells where a child is or will be.", "Cherry Trees s3")       \
    X(LISTED, "listed", "Every child who can be recognised is listed as being in the photo.",      \
      "Principle 3")                                                                               \
    X(RIGHTS, "rights", "The photo is the school's own, or its owner agreed and is named.",        \
      "Cherry Trees, Appendix A; West Hampstead s4")

enum check_point {
#define X(symbol, name, words, source) CHECK_##symbol,
    CHECKLIST(X)
#undef X
    N_CHECK_POINTS
};
const char *check_name(enum check_point p);
const char *check_words(enum check_point p);
const char *check_source(enum check_point p);

/* Why a waiting photo cannot be signed off now. The zero keeps it waiting. */
enum sign_bar {
    BAR_UNKNOWN,
    BAR_STALE,  /* judged by another register or policy, or other words: run the folder again */
    BAR_PERSON, /* somebody in it may not be shown today: run the folder again */
    BAR_OWN,    /* this account handed it in */
    BAR_GONE,   /* its file is not in awaiting/: run the folder again */
    BAR_NONE
};
const char *sign_bar_words(enum sign_bar b);

struct sign_off_photo {
    const char *file;                /* "photo-0001.jpg" */
    struct text caption, credit;
    struct text people;              /* who is listed: "Jack Smith (4B), Amy Jones (4B)" */
    const char *submitter, *waiting_since; /* account; "2026-11-20" */
    bool cleared;                    /* a rule held it, and a person cleared that */
    enum sign_bar bar;
};

struct sign_off;

/* What waits in a batch, as `actor` may sign it.
 *
 * alone    the policy's if-possible is used: who handed a photo in signs it too
 * *out     owned; sign_off_close. Everything it gives is borrowed from it
 * fails    USAGE nothing waits in such a batch, the channel is no longer in the policy, or `alone`
 *          where the policy does not allow it; BROKEN, IO, NOMEM
 */
enum status sign_off_open(struct home *home, struct text batch, const struct actor *actor,
                          bool alone, struct sign_off **out, struct err *err);
void sign_off_close(struct sign_off *s);
const struct sign_off_photo *sign_off_photos(const struct sign_off *s, size_t *n);

struct sign_off_order {
    enum role as;                  /* ROLE_NONE: the least of the actor's that may */
    const struct text *turned_down; /* files; each is held with a case of its own */
    size_t n_turned_down;
    struct text reason; /* for those turned down, and for signing alone; else may be empty */
};

/* In which role would the actor sign it off? `asked`: ROLE_NONE, or the one wanted.
 * fails    USAGE the channel wants a role that the actor does not have */
enum status sign_off_role(const struct sign_off *s, enum role asked, enum role *out,
                          struct err *err);

struct sign_off_result {
    enum role role;
    size_t n_published, n_turned_down, n_left;
    int64_t first_case; /* of those turned down, in the order of the photos */
};

/* Publish every photo that nothing bars and that is not turned down. The caller has had every point
 * of the checklist confirmed for all of them.
 *
 * fails    USAGE no role for it, a file that does not wait, no reason where one is needed; BROKEN a
 *          picture in awaiting/ is not the one that was checked: nothing was published; IO, NOMEM
 */
enum status sign_off_do(struct sign_off *s, const struct sign_off_order *order,
                        struct sign_off_result *out, struct err *err);

/* Call `each` for every batch in which photos wait. */
enum status batches_waiting(struct home *home,
                            enum status (*each)(void *context, const char *batch, size_t n_photos,
                                                struct err *err),
                            void *context, struct err *err);

#ifdef __cplusplus
}
#endif
#endif
