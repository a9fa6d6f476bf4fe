/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no profile may do: let more out than the safe default with nobody to answer for it, or say
 * two things that cannot both be meant.
 *
 * source   UK GDPR Art 5(2): the school must be able to show who decided
 */
#include <string.h>

#include "policy/profile_keys.h"

/* ---- Who approved it ------------------------------------------------------------------------- */

const struct setting *settings_find(const struct settings *file, struct text section,
                                    struct text key)
{
    for (size_t i = 0; i < file->n; i++) {
        if (text_equal(file->at[i].section, section) && text_equal(file->at[i].key, key)) {
            return &file->at[i];
        }
    }
    return NULL;
}

/* The section that holds a file's approval: a profile's own heading, or photogate.conf's. */
static struct text approval_section(const struct settings *file)
{
    return settings_find(file, TEXT("profile"), TEXT("title")) ? TEXT("profile") : TEXT("policy");
}

enum status approval_read(const struct settings *file, struct policy_approval *out, bool *found,
                          struct err *err)
{
    struct text section = approval_section(file);
    const struct setting *by = settings_find(file, section, TEXT("approved_by"));
    const struct setting *on = settings_find(file, section, TEXT("approved_on"));
    if (!by && !on) {
        *found = false;
        return STATUS_OK;
    }
    if (!by || !on) {
        return err_set(err, STATUS_FORMAT, "%.*s:%u: [%.*s] has %s and no %s; write both",
                       TEXT_ARG(file->shown), (unsigned)(by ? by : on)->line, TEXT_ARG(section),
                       by ? "approved_by" : "approved_on", by ? "approved_on" : "approved_by");
    }
    struct text role, name = text_cut(by->value, ',', &role);
    if (text_trim(name).n == 0 || text_trim(role).n == 0) {
        return err_set(err, STATUS_FORMAT,
                       "%.*s:%u: approved_by: expected a name, a comma and a role, for example "
                       "Mrs A. Example, head teacher",
                       TEXT_ARG(file->shown), (unsigned)by->line);
    }
    struct date day;
    if (!date_parse_iso(on->value, &day)) {
        return err_set(err, STATUS_FORMAT, "%.*s:%u: approved_on: expected a day as YYYY-MM-DD",
                       TEXT_ARG(file->shown), (unsigned)on->line);
    }
    *out = (struct policy_approval){file->shown, by->value, day};
    *found = true;
    return STATUS_OK;
}

static enum status unapproved(const struct draft *d, const struct policy *safe,
                              const struct key_place *place, const struct origin *origin,
                              struct err *err)
{
    struct text was, now, name;
    enum status st = key_value(safe, place, d->arena, &was, err);
    if (st == STATUS_OK) {
        st = key_value(d->policy, place, d->arena, &now, err);
    }
    if (st == STATUS_OK) {
        st = key_place_name(place, d->arena, &name, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    bool none = !key_home(safe, place);
    return err_set(err, STATUS_FORMAT,
                   "%.*s:%u: %.*s = %.*s lets more out than the safe default (%.*s): somebody must "
                   "answer for it; write approved_by = NAME, ROLE and approved_on = YYYY-MM-DD in "
                   "[%.*s] of this file",
                   TEXT_ARG(origin->file->shown), (unsigned)origin->line, TEXT_ARG(name),
                   TEXT_ARG(text_slice(now, 0, 64)),
                   TEXT_ARG(none ? TEXT("no such channel") : text_slice(was, 0, 64)),
                   TEXT_ARG(approval_section(origin->file)));
}

static enum status place_check(const struct draft *d, const struct policy *safe,
                               const struct key_place *place, struct err *err)
{
    enum policy_change change;
    struct policy_approval approval;
    bool approved;
    if (!key_change(safe, d->policy, place, &change) || change != POLICY_LOOSER) {
        return STATUS_OK;
    }
    const struct origin *o = draft_origin(d, place);
    if (!o && place->row->type == KEY_COLUMN && d->policy->n_columns > 0) {
        return err_set(err, STATUS_FORMAT,
                       "profile \"%.*s\": [import] reads no %.*s, as the safe default does: write "
                       "its heading there, or inherit from safe-default",
                       TEXT_ARG(d->policy->name), TEXT_ARG(place->name));
    }
    if (!o) {
        return STATUS_OK; /* nobody said it: it is what the program takes, the strictest there is */
    }
    enum status st = approval_read(o->file, &approval, &approved, err);
    return st == STATUS_OK && !approved ? unapproved(d, safe, place, o, err) : st;
}

enum status approvals_check(const struct draft *d, const struct policy *safe, struct err *err)
{
    struct key_place *places;
    size_t n;
    enum status st = key_places(d->policy, d->arena, &places, &n, err);
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        st = place_check(d, safe, &places[i], err);
    }
    /* A column that is read no more is no place of this policy. */
    if (st == STATUS_OK) {
        st = key_places(safe, d->arena, &places, &n, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < n; i++) {
        if (places[i].row->type == KEY_COLUMN) {
            st = place_check(d, safe, &places[i], err);
        }
    }
    return st;
}

/* ---- What contradicts itself ----------------------------------------------------------------- */

/* A question about a policy, and what to say where the answer is yes. Channels and purposes are
 * asked one by one. */
struct contradiction {
    const char *section, *key;             /* the setting to point at, */
    const char *other_section, *other_key; /* or this one, if it came later */
    bool (*holds)(const struct policy *p, const struct channel_policy *c, enum purpose u);
    const char *reason;
};

static bool grace_of_no_days(const struct policy *p, const struct channel_policy *c, enum purpose u)
{
    (void)c;
    (void)u;
    return p->leavers == LEAVERS_GRACE && p->leaver_grace_days == 0;
}

static bool denied_for_days(const struct policy *p, const struct channel_policy *c, enum purpose u)
{
    (void)c;
    (void)u;
    return p->leavers == LEAVERS_DENY && p->leaver_grace_days > 0;
}

static bool text_stricter_than_photo(const struct policy *p, const struct channel_policy *c,
                                     enum purpose u)
{
    (void)c;
    (void)u;
    return p->names_text_only < p->names_with_photo;
}

static bool exception_to_nothing(const struct policy *p, const struct channel_policy *c,
                                 enum purpose u)
{
    (void)c;
    (void)u;
    return p->name_exception != EXCEPTION_NONE && p->names_with_photo == NAMES_FULL;
}

/* A profile that maps no column at all is not the one a register is read with. */
static bool exception_nobody_can_consent_to(const struct policy *p, const struct channel_policy *c,
                                            enum purpose u)
{
    (void)c;
    (void)u;
    for (size_t i = 0; i < p->n_columns; i++) {
        if (text_equal(p->columns[i].field, TEXT("name_with_photo"))) {
            return false;
        }
    }
    return p->n_columns > 0 && p->name_exception != EXCEPTION_NONE;
}

static bool covered_faces_never_arise(const struct policy *p, const struct channel_policy *c,
                                      enum purpose u)
{
    (void)c;
    (void)u;
    return p->redacted_may_pass && p->no_consent == NO_CONSENT_REJECT;
}

static bool exception_without_second(const struct policy *p, const struct channel_policy *c,
                                     enum purpose u)
{
    (void)u;
    return c && c->official && c->second_person == SECOND_NEVER &&
           p->name_exception != EXCEPTION_NONE;
}

static bool roles_without_second(const struct policy *p, const struct channel_policy *c,
                                 enum purpose u)
{
    (void)p;
    (void)u;
    return c && c->second_person == SECOND_NEVER && c->sign_off_roles != 0;
}

static bool silence_as_a_yes(const struct policy *p, const struct channel_policy *c, enum purpose u)
{
    (void)c;
    return p->purposes[u].basis == BASIS_OPT_OUT;
}

static const struct contradiction CONTRADICTIONS[] = {
    {"people", "leavers", "people", "leaver_grace_days", grace_of_no_days,
     "leavers = grace with leaver_grace_days = 0 is no grace: write leavers = deny, or how many "
     "days"},
    {"people", "leavers", "people", "leaver_grace_days", denied_for_days,
     "leavers = deny gives no days of grace: write leavers = grace, or leaver_grace_days = 0"},
    {"names", "text_only", "names", "with_photo", text_stricter_than_photo,
     "with_photo allows more of a name than text_only: a name beside a photo tells more than one "
     "without, so text_only must allow at least as much"},
    {"names", "exception", "names", "with_photo", exception_to_nothing,
     "with_photo = full leaves nothing to make an exception from: write exception = none, or a "
     "stricter with_photo"},
    {"names", "exception", "import", "name_with_photo", exception_nobody_can_consent_to,
     "the exception needs the consent name_with_photo of everybody named, and [import] reads none: "
     "write its heading there, or exception = none"},
    {"people", "redacted", "people", "no_consent", covered_faces_never_arise,
     "no_consent = reject covers no face, so redacted = approve approves nothing: write redacted = "
     "hold, or no_consent = redact"},
    {"channel", "second_person", "names", "exception", exception_without_second,
     "the exception for names is allowed post by post by a second person, and second_person = "
     "never "
     "asks none: write always, if-possible or on-hold-only, or [names] exception = none"},
    {"channel", "sign_off_roles", "channel", "second_person", roles_without_second,
     "second_person = never asks nobody, whatever their role: leave sign_off_roles empty, or ask "
     "somebody"},
    {"consent", "basis", NULL, NULL, silence_as_a_yes,
     "opt-out takes silence for a yes, and only an explicit yes approves: write basis = opt-in and "
     "ask (UK GDPR Art 4(11), Art 7(1))"},
};

static const struct origin *origin_of(const struct draft *d, const char *section, const char *key,
                                      struct text name)
{
    for (size_t i = 0; section && i < d->n_origins; i++) {
        struct text rest, first = text_cut(d->origins[i].section, '.', &rest);
        if (text_equal(d->origins[i].key, text_of(key)) && text_equal(first, text_of(section)) &&
            (rest.n == 0 || text_equal(rest, name))) {
            return &d->origins[i];
        }
    }
    return NULL;
}

/* Of two origins the one to point at: the nearer file's, or the one further down. */
static const struct origin *later(const struct draft *d, const struct origin *a,
                                  const struct origin *b)
{
    if (!a || !b) {
        return a ? a : b;
    }
    if (a->file == b->file) {
        return a->line > b->line ? a : b;
    }
    for (size_t i = d->n_files; i > 0; i--) {
        if (d->files[i - 1] == a->file || d->files[i - 1] == b->file) {
            return d->files[i - 1] == a->file ? a : b;
        }
    }
    return a;
}

static enum status contradicted(const struct draft *d, const struct contradiction *k,
                                struct text name, struct err *err)
{
    const struct origin *o = later(d, origin_of(d, k->section, k->key, name),
                                   origin_of(d, k->other_section, k->other_key, name));
    if (!o) {
        return err_set(err, STATUS_FORMAT, "profile \"%.*s\": %s", TEXT_ARG(d->policy->name),
                       k->reason);
    }
    return err_set(err, STATUS_FORMAT, "%.*s:%u: [%.*s] %.*s: %s", TEXT_ARG(o->file->shown),
                   (unsigned)o->line, TEXT_ARG(o->section), TEXT_ARG(o->key), k->reason);
}

/* A file that says of a channel both that it is not the school's and what photos need there. What
 * an ancestor says of it is no contradiction: closing a channel is how a profile takes it away. */
static enum status closed_and_described(const struct draft *d, const struct channel_policy *c,
                                        struct err *err)
{
    const struct origin *official = origin_of(d, "channel", "official", c->name);
    const struct origin *needs = origin_of(d, "channel", "needs", c->name);
    if (c->official || !official || !needs || official->file != needs->file) {
        return STATUS_OK;
    }
    return err_set(err, STATUS_FORMAT,
                   "%.*s:%u: [channel.%.*s] official = no: nothing goes there, so it needs no "
                   "consents; leave one of the two out",
                   TEXT_ARG(needs->file->shown), (unsigned)needs->line, TEXT_ARG(c->name));
}

static enum status ask(const struct draft *d, const struct contradiction *k, struct err *err)
{
    const struct policy *p = d->policy;
    if (strcmp(k->section, "consent") == 0) {
        for (int u = PURPOSE_UNKNOWN + 1; u < N_PURPOSES; u++) {
            if (k->holds(p, NULL, (enum purpose)u)) {
                return contradicted(d, k, text_of(purpose_name((enum purpose)u)), err);
            }
        }
        return STATUS_OK;
    }
    if (strcmp(k->section, "channel") == 0) {
        for (size_t i = 0; i < p->n_channels; i++) {
            if (k->holds(p, &p->channels[i], PURPOSE_UNKNOWN)) {
                return contradicted(d, k, p->channels[i].name, err);
            }
        }
        return STATUS_OK;
    }
    return k->holds(p, NULL, PURPOSE_UNKNOWN) ? contradicted(d, k, TEXT_NONE, err) : STATUS_OK;
}

enum status contradictions_check(const struct draft *d, struct err *err)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < sizeof CONTRADICTIONS / sizeof CONTRADICTIONS[0];
         i++) {
        st = ask(d, &CONTRADICTIONS[i], err);
    }
    for (size_t i = 0; st == STATUS_OK && i < d->policy->n_channels; i++) {
        st = closed_and_described(d, &d->policy->channels[i], err);
    }
    return st;
}
