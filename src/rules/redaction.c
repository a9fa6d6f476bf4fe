/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules/redaction.h"

enum {
    WHOLE_PPM = 1000000,
    MARGIN_PERCENT = 40,
    LEAST_EDGE_PPM = 10000, /* a smaller mark without a face in it may be of anything */
    MEETING_SHARE = 4,      /* marks of one person have a quarter of the smaller in common */
    SAME_SHARE = 2          /* two that have half of both in common mark one face */
};

/* --- the person --- */

bool redaction_standing_is_mere_lack(enum consent_standing s)
{
    switch (s) {
    case STANDING_NONE:
    case STANDING_REFUSED:
    case STANDING_WITHDRAWN:
    case STANDING_REQUESTED:
    case STANDING_NOT_YET:
    case STANDING_EXPIRED:
    case STANDING_NOT_WRITTEN:
        return true;
    case STANDING_OBJECTED: /* principle 2: beats every consent, so is more than its lack */
    case STANDING_UNCLEAR:
    case STANDING_GRANTED:
        break;
    }
    return false;
}

static bool lacks_only_consent(const struct hearing *h, const struct person *p)
{
    bool lacks = false;
    if (p->kind != PERSON_PUPIL || p->do_not_publish != KNOWN_NO ||
        p->child_objection != KNOWN_NO || has_left(p, h->policy, h->date)) {
        return false;
    }
    for (int n = PURPOSE_UNKNOWN + 1; n < N_PURPOSES; n++) {
        const struct consent *event;
        if (!h->channel->needs[n]) {
            continue;
        }
        enum consent_standing s =
            consent_on(p, (enum purpose)n, &h->policy->purposes[n], h->date, &event);
        if (s != STANDING_GRANTED && !redaction_standing_is_mere_lack(s)) {
            return false;
        }
        lacks = lacks || s != STANDING_GRANTED;
    }
    return lacks;
}

static bool finds(const struct finding *at, size_t n, uint32_t person)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i].person == person) {
            return true;
        }
    }
    return false;
}

static bool is_named(const struct hearing *h, uint32_t person)
{
    const struct evidence *e = h->evidence;
    for (size_t i = 0; i < h->n_mentions; i++) {
        if (h->mentions[i].person == person) {
            return true;
        }
    }
    bool has_words = evidence_caption(e).n || e->said.event.n || e->said.credit.n;
    return (h->policy->names_with_photo != NAMES_NEVER && has_words) ||
           finds(h->caption, h->n_caption, person) || finds(h->event, h->n_event, person) ||
           finds(h->credit, h->n_credit, person) || finds(h->file_name, h->n_file_name, person);
}

/* --- the place --- */

static bool marks(const struct tag *t, uint32_t person)
{
    return t->kind == TAG_REGION && t->has_box && t->resolution == RESOLVED_PERSON &&
           t->person == person;
}

static bool is_same_place(const struct box *a, const struct box *b)
{
    uint64_t common = box_common(a, b);
    return common * SAME_SHARE >= box_common(a, a) && common * SAME_SHARE >= box_common(b, b);
}

/* Are all marks of one person on one another, and none of them where another says that somebody
 * else is? */
static bool marks_agree(const struct evidence *e, uint32_t person)
{
    for (size_t i = 0; i < e->n_tags; i++) {
        const struct box *mine = &e->tags[i].box;
        if (!marks(&e->tags[i], person)) {
            continue;
        }
        uint64_t area = box_common(mine, mine);
        for (size_t k = 0; k < e->n_tags; k++) {
            const struct box *other = &e->tags[k].box;
            if (!e->tags[k].has_box) {
                continue;
            }
            if (!marks(&e->tags[k], person)) {
                if (is_same_place(mine, other)) {
                    return false;
                }
                continue;
            }
            uint64_t theirs = box_common(other, other);
            uint64_t smaller = area < theirs ? area : theirs;
            if (smaller == 0 || box_common(mine, other) * MEETING_SHARE < smaller) {
                return false;
            }
        }
    }
    return true;
}

/* Corners, so that what lies beyond the picture does not overflow. */
struct frame {
    int64_t left, top, right, bottom;
};

static void frame_take(struct frame *f, const struct box *b)
{
    int64_t right = (int64_t)b->x_ppm + b->w_ppm, bottom = (int64_t)b->y_ppm + b->h_ppm;
    f->left = b->x_ppm < f->left ? b->x_ppm : f->left;
    f->top = b->y_ppm < f->top ? b->y_ppm : f->top;
    f->right = right > f->right ? right : f->right;
    f->bottom = bottom > f->bottom ? bottom : f->bottom;
}

static struct box frame_with_margin(const struct frame *f)
{
    int64_t across = (f->right - f->left) * MARGIN_PERCENT / 100;
    int64_t down = (f->bottom - f->top) * MARGIN_PERCENT / 100;
    int64_t left = f->left - across, top = f->top - down;
    int64_t right = f->right + across, bottom = f->bottom + down;
    left = left < 0 ? 0 : left;
    top = top < 0 ? 0 : top;
    right = right > WHOLE_PPM ? WHOLE_PPM : right;
    bottom = bottom > WHOLE_PPM ? WHOLE_PPM : bottom;
    return (struct box){(int32_t)left, (int32_t)top, (int32_t)(right - left),
                        (int32_t)(bottom - top)};
}

static bool holds_middle(const struct box *of, const struct box *in)
{
    int64_t x = (int64_t)of->x_ppm + of->w_ppm / 2, y = (int64_t)of->y_ppm + of->h_ppm / 2;
    return x >= in->x_ppm && x < (int64_t)in->x_ppm + in->w_ppm && y >= in->y_ppm &&
           y < (int64_t)in->y_ppm + in->h_ppm;
}

/* Of eyes, a face or a whole person: a face found in the mark, or one the mark is in, is theirs. */
static bool take_faces(const struct evidence *e, const struct box *mark, struct frame *f)
{
    bool seen = false;
    for (size_t i = 0; i < e->n_faces; i++) {
        const struct box *face = &e->faces[i].box;
        if (holds_middle(face, mark) || holds_middle(mark, face)) {
            frame_take(f, face);
            seen = true;
        }
    }
    return seen;
}

static bool find_place(const struct evidence *e, uint32_t person, struct covered_face *out)
{
    struct frame f = {INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN};
    bool is_marked = false, is_tiny = false;
    *out = (struct covered_face){.person = person};
    for (size_t i = 0; i < e->n_tags; i++) {
        const struct box *mark = &e->tags[i].box;
        if (marks(&e->tags[i], person)) {
            is_marked = true;
            is_tiny = is_tiny || mark->w_ppm < LEAST_EDGE_PPM || mark->h_ppm < LEAST_EDGE_PPM;
            frame_take(&f, mark);
            out->seen = take_faces(e, mark, &f) || out->seen;
        }
    }
    if (!is_marked || (is_tiny && !out->seen) || !marks_agree(e, person)) {
        return false;
    }
    out->box = frame_with_margin(&f);
    return box_common(&out->box, &out->box) > 0;
}

enum status redaction_find(const struct hearing *h, const struct cast *c, struct arena *a,
                           const struct covered_face **out, size_t *n, struct err *err)
{
    struct covered_face *found = arena_alloc(a, c->n_tagged, sizeof *found);
    if (!found) {
        return err_set(err, STATUS_NOMEM, "%s while judging a photo", status_words(STATUS_NOMEM));
    }
    bool may_cover = h->policy->no_consent == NO_CONSENT_REDACT && c->examined &&
                     !h->stands_uncovered && h->judged == KNOWN_YES;
    *out = found;
    *n = 0;
    for (size_t i = 0; may_cover && i < c->n_tagged; i++) {
        uint32_t person = c->tagged[i];
        if (lacks_only_consent(h, &h->snapshot->people[person]) && !is_named(h, person) &&
            find_place(h->evidence, person, &found[*n])) {
            ++*n;
        }
    }
    return STATUS_OK;
}
