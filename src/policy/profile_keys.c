/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/profile_keys.h"

/* The table of keys. What is done with a value is in key_values.c. */

/* The third word: how loose. */
static const struct key_choice YES_LOOSENS[] = {{"yes", true, 1}, {"no", false, 0}, {NULL, 0, 0}};
static const struct key_choice NO_LOOSENS[] = {{"yes", true, 0}, {"no", false, 1}, {NULL, 0, 0}};
static const struct key_choice TAG_ACTIONS[] = {
    {"hold", TAGS_HOLD, 1}, {"reject", TAGS_REJECT, 0}, {NULL, 0, 0}};
static const struct key_choice LEAVERS[] = {
    {"deny", LEAVERS_DENY, 0}, {"grace", LEAVERS_GRACE, 1}, {NULL, 0, 0}};
static const struct key_choice FACES[] = {
    {"high-assurance", true, 0}, {"count-needed", false, 1}, {NULL, 0, 0}};
static const struct key_choice NAMES[] = {{"never", NAMES_NEVER, 0},
                                          {"initials", NAMES_INITIALS, 1},
                                          {"forename", NAMES_FORENAME, 2},
                                          {"full", NAMES_FULL, 3},
                                          {NULL, 0, 0}};
static const struct key_choice STAFF[] = {
    {"block", STAFF_BLOCK, 0}, {"hold", STAFF_HOLD, 1}, {"allow", STAFF_ALLOW, 2}, {NULL, 0, 0}};
static const struct key_choice EXCEPTIONS[] = {{"none", EXCEPTION_NONE, 0},
                                               {"head", EXCEPTION_HEAD, 2},
                                               {"dpo", EXCEPTION_DPO, 2},
                                               {"both", EXCEPTION_BOTH, 1},
                                               {NULL, 0, 0}};
static const struct key_choice SECONDS[] = {{"always", SECOND_ALWAYS, 0},
                                            {"if-possible", SECOND_IF_POSSIBLE, 1},
                                            {"on-hold-only", SECOND_ON_HOLD_ONLY, 2},
                                            {"never", SECOND_NEVER, 3},
                                            {NULL, 0, 0}};
static const struct key_choice SEARCHES[] = {
    {"strict", FACES_STRICT, 0}, {"fast", FACES_FAST, 1}, {NULL, 0, 0}};
static const struct key_choice NO_CONSENTS[] = {
    {"reject", NO_CONSENT_REJECT, 0}, {"redact", NO_CONSENT_REDACT, 1}, {NULL, 0, 0}};
static const struct key_choice REDACTED[] = {
    {"approve", true, 1}, {"hold", false, 0}, {NULL, 0, 0}};
static const struct key_choice RIGHTS[] = {{"hold", true, 0}, {"ignore", false, 1}, {NULL, 0, 0}};
static const struct key_choice BASES[] = {
    {"opt-in", BASIS_OPT_IN, 0}, {"opt-out", BASIS_OPT_OUT, 1}, {NULL, 0, 0}};

enum { MAX_AGE_MONTHS = 240, MAX_GRACE_DAYS = 366, MAX_TAKEDOWN_HOURS = 720 };
enum { MAX_RETENTION_DAYS = 36600, MAX_DECIDING_AGE = 19 }; /* a century; the last year at school */
enum { LEAST_EDGE_PX = 320 }; /* smaller, nobody is recognised by anybody, nor the event */

#define POLICY(member) offsetof(struct policy, member)
#define LIST_OF(member) offsetof(struct policy, member), offsetof(struct policy, n_##member)
#define PURPOSE(member) offsetof(struct purpose_policy, member)
#define CHANNEL(member) offsetof(struct channel_policy, member)
#define SCHOOL(member) offsetof(struct school, member)

/* clang-format off */
static const struct key_row ROWS[] = {
    {HOME_PROFILE, "profile", "inherits", KEY_NONE, 0, 0, NULL, 0, LOOSER_NONE},
    {HOME_PROFILE, "profile", "title", KEY_TEXT, POLICY(title), 0, NULL, 0, LOOSER_NONE},
    {HOME_PROFILE, "profile", "source", KEY_TEXT, POLICY(source), 0, NULL, 0, LOOSER_NONE},
    {HOME_PROFILE, "profile", "version", KEY_TEXT, POLICY(version), 0, NULL, 0, LOOSER_NONE},
    {HOME_PROFILE, "profile", "review_date", KEY_DATE, POLICY(review_date), 0, NULL, 0, LOOSER_NONE},
    {HOME_PROFILE, "profile", "approved_by", KEY_NONE, 0, 0, NULL, 0, LOOSER_NONE},
    {HOME_PROFILE, "profile", "approved_on", KEY_NONE, 0, 0, NULL, 0, LOOSER_NONE},

    {HOME_POLICY, "people", "untagged", KEY_ENUM, POLICY(untagged), 0, TAG_ACTIONS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "unknown", KEY_ENUM, POLICY(unknown_tag), 0, TAG_ACTIONS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "ambiguous", KEY_ENUM, POLICY(ambiguous_tag), 0, TAG_ACTIONS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "unnamed_region", KEY_ENUM, POLICY(unnamed_region), 0, TAG_ACTIONS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "leavers", KEY_ENUM, POLICY(leavers), 0, LEAVERS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "leaver_grace_days", KEY_NUMBER, POLICY(leaver_grace_days), 0, NULL, MAX_GRACE_DAYS, LOOSER_MORE},
    {HOME_POLICY, "people", "faces", KEY_BOOL, POLICY(require_high_face_assurance), 0, FACES, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "face_search", KEY_ENUM, POLICY(face_search), 0, SEARCHES, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "no_consent", KEY_ENUM, POLICY(no_consent), 0, NO_CONSENTS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "redacted", KEY_BOOL, POLICY(redacted_may_pass), 0, REDACTED, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "any_refusal_wins", KEY_BOOL, POLICY(purposes[PURPOSE_UNKNOWN].any_refusal_wins), 0, NO_LOOSENS, 0, LOOSER_NONE},
    {HOME_POLICY, "people", "pupil_decides_from_age", KEY_NUMBER, POLICY(purposes[PURPOSE_UNKNOWN].pupil_decides_from_age), 0, NULL, MAX_DECIDING_AGE, LOOSER_MORE_OR_ZERO},

    {HOME_POLICY, "names", "with_photo", KEY_ENUM, POLICY(names_with_photo), 0, NAMES, 0, LOOSER_NONE},
    {HOME_POLICY, "names", "text_only", KEY_ENUM, POLICY(names_text_only), 0, NAMES, 0, LOOSER_NONE},
    {HOME_POLICY, "names", "staff", KEY_ENUM, POLICY(staff), 0, STAFF, 0, LOOSER_NONE},
    {HOME_POLICY, "names", "exception", KEY_ENUM, POLICY(name_exception), 0, EXCEPTIONS, 0, LOOSER_NONE},

    {HOME_POLICY, "metadata", "third_party_rights", KEY_BOOL, POLICY(third_party_rights_hold), 0, RIGHTS, 0, LOOSER_NONE},
    {HOME_POLICY, "metadata", "own_rights", KEY_LIST, LIST_OF(own_rights), NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "metadata", "max_edge_px", KEY_NUMBER, POLICY(max_edge_px), LEAST_EDGE_PX, NULL, MAX_RELEASE_EDGE_PX, LOOSER_MORE_OR_ZERO},
    {HOME_POLICY, "metadata", "jpeg_quality", KEY_NUMBER, POLICY(jpeg_quality), MIN_JPEG_QUALITY, NULL, MAX_JPEG_QUALITY, LOOSER_NONE},

    {HOME_POLICY, "examiner", "require_confinement", KEY_BOOL, POLICY(require_confinement), 0, NO_LOOSENS, 0, LOOSER_NONE},

    {HOME_PURPOSE, "consent.*", "basis", KEY_ENUM, PURPOSE(basis), 0, BASES, 0, LOOSER_NONE},
    {HOME_PURPOSE, "consent.*", "written_only", KEY_BOOL, PURPOSE(written_only), 0, NO_LOOSENS, 0, LOOSER_NONE},
    {HOME_PURPOSE, "consent.*", "max_age_months", KEY_NUMBER, PURPOSE(max_age_months), 0, NULL, MAX_AGE_MONTHS, LOOSER_MORE_OR_ZERO},
    {HOME_PURPOSE, "consent.*", "ends_each_year", KEY_YEAR_DAY, PURPOSE(ends_each_year), 0, NULL, 0, LOOSER_UNSET},

    {HOME_CHANNEL, "channel.*", "title", KEY_TEXT, CHANNEL(title), 0, NULL, 0, LOOSER_NONE},
    {HOME_CHANNEL, "channel.*", "official", KEY_BOOL, CHANNEL(official), 0, YES_LOOSENS, 0, LOOSER_NONE},
    {HOME_CHANNEL, "channel.*", "needs", KEY_PURPOSES, CHANNEL(needs), 0, NULL, 0, LOOSER_FEWER},
    {HOME_CHANNEL, "channel.*", "owners", KEY_TEXT, CHANNEL(owners), 0, NULL, 0, LOOSER_NONE},
    {HOME_CHANNEL, "channel.*", "risk_assessment", KEY_TEXT, CHANNEL(risk_assessment), 0, NULL, 0, LOOSER_NONE},
    {HOME_CHANNEL, "channel.*", "second_person", KEY_ENUM, CHANNEL(second_person), 0, SECONDS, 0, LOOSER_NONE},
    {HOME_CHANNEL, "channel.*", "needs_request", KEY_BOOL, CHANNEL(needs_request), 0, NO_LOOSENS, 0, LOOSER_NONE},
    {HOME_CHANNEL, "channel.*", "takedown_hours", KEY_NUMBER, CHANNEL(takedown_hours), 0, NULL, MAX_TAKEDOWN_HOURS, LOOSER_MORE},
    {HOME_CHANNEL, "channel.*", "sign_off_roles", KEY_ROLES, CHANNEL(sign_off_roles), 0, NULL, 0, LOOSER_WIDER},

    {HOME_POLICY, "contacts", "phones", KEY_LIST, LIST_OF(own_phones), NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "contacts", "emails", KEY_LIST, LIST_OF(own_emails), NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "contacts", "links", KEY_LIST, LIST_OF(own_links), NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "contacts", "handles", KEY_LIST, LIST_OF(own_handles), NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "contacts", "houses", KEY_LIST, LIST_OF(houses), NULL, 0, LOOSER_NONE},

    {HOME_POLICY, "captions", "safe_phrases", KEY_LIST, LIST_OF(safe_phrases), NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "captions", "acronyms", KEY_LIST, LIST_OF(acronyms), NULL, 0, LOOSER_NONE},

    {HOME_POLICY, "retention", "approved_days", KEY_NUMBER, POLICY(retention.approved_days), 0, NULL, MAX_RETENTION_DAYS, LOOSER_MORE_OR_ZERO},
    {HOME_POLICY, "retention", "reports_days", KEY_NUMBER, POLICY(retention.reports_days), 0, NULL, MAX_RETENTION_DAYS, LOOSER_MORE_OR_ZERO},
    {HOME_POLICY, "retention", "leavers_days", KEY_NUMBER, POLICY(retention.leavers_days), 0, NULL, MAX_RETENTION_DAYS, LOOSER_MORE_OR_ZERO},

    {HOME_POLICY, "import", "*", KEY_COLUMN, 0, 0, NULL, 0, LOOSER_NONE},
    {HOME_POLICY, "clauses", "*", KEY_CLAUSE, 0, 0, NULL, 0, LOOSER_NONE},

    {HOME_SCHOOL, "school", "name", KEY_TEXT, SCHOOL(name), 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "school", "dpo_contact", KEY_TEXT, SCHOOL(dpo_contact), 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "policy", "profile", KEY_TEXT, SCHOOL(policy), 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "policy", "approved_by", KEY_NONE, 0, 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "policy", "approved_on", KEY_NONE, 0, 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "run", "channel", KEY_TEXT, SCHOOL(default_channel), 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "faces", "model", KEY_TEXT, SCHOOL(face_model), 0, NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "run", "jobs", KEY_NUMBER, SCHOOL(jobs), 0, NULL, MAX_WORKERS, LOOSER_NONE},
    {HOME_SCHOOL, "roles", "office", KEY_LIST, SCHOOL(accounts[ROLE_OFFICE]), SCHOOL(n_accounts[ROLE_OFFICE]), NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "roles", "senior", KEY_LIST, SCHOOL(accounts[ROLE_SENIOR]), SCHOOL(n_accounts[ROLE_SENIOR]), NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "roles", "head", KEY_LIST, SCHOOL(accounts[ROLE_HEAD]), SCHOOL(n_accounts[ROLE_HEAD]), NULL, 0, LOOSER_NONE},
    {HOME_SCHOOL, "roles", "dpo", KEY_LIST, SCHOOL(accounts[ROLE_DPO]), SCHOOL(n_accounts[ROLE_DPO]), NULL, 0, LOOSER_NONE},
};
/* clang-format on */

/* The columns of a wide export (consent/templates), the staff's own among them. The import knows
 * the same names. */
static const char *const FIELDS[] = {
    "upn",
    "admission_no",
    "title",
    "legal_forename",
    "middle_names",
    "legal_surname",
    "name",
    "preferred_forename",
    "preferred_surname",
    "known_as",
    "date_of_birth",
    "year_group",
    "reg_group",
    "role",
    "on_roll",
    "date_of_leaving",
    "do_not_publish",
    "child_objection",
    "photo_website",
    "photo_social_media",
    "photo_press",
    "photo_displays",
    "name_with_photo",
    "consent_given_by",
    "consent_date",
    "consent_expiry",
    "consent_method",
    "notice_version",
    "staff_consent",
};

const struct key_row *key_rows(size_t *n)
{
    *n = sizeof ROWS / sizeof ROWS[0];
    return ROWS;
}

const char *const *import_fields(size_t *n)
{
    *n = sizeof FIELDS / sizeof FIELDS[0];
    return FIELDS;
}

/* What stands behind the dot of a section that matches `pattern`; false when it does not match. */
static bool section_matches(const char *pattern, struct text section)
{
    struct text want = text_of(pattern);
    if (!text_ends_with_nocase(want, TEXT(".*"))) {
        return text_equal(want, section);
    }
    want.n--;
    return section.n > want.n && text_starts_with(section, want);
}

/* "unknown key ..., expected one of: a, b" */
static enum status unknown_key(const struct settings *file, const struct setting *s,
                               struct err *err)
{
    char list[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct text key = text_of(ROWS[i].key);
        if (section_matches(ROWS[i].section, s->section) && used + key.n + 3 < sizeof list) {
            struct text comma = used ? TEXT(", ") : TEXT_NONE;
            for (size_t k = 0; k < comma.n; k++) {
                list[used++] = comma.at[k];
            }
            for (size_t k = 0; k < key.n; k++) {
                list[used++] = key.at[k];
            }
            list[used] = '\0';
        }
    }
    return err_set(err, STATUS_FORMAT,
                   "%.*s:%u: unknown key \"%.*s\" in [%.*s], expected one of: %s",
                   TEXT_ARG(file->shown), (unsigned)s->line, TEXT_ARG(text_slice(s->key, 0, 64)),
                   TEXT_ARG(s->section), list);
}

enum status key_find(const struct settings *file, const struct setting *s,
                     const struct key_row **row, struct err *err)
{
    bool section_known = false;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (section_matches(ROWS[i].section, s->section)) {
            section_known = true;
            if (text_equal(text_of(ROWS[i].key), s->key) ||
                text_equal(text_of(ROWS[i].key), TEXT("*"))) {
                *row = &ROWS[i];
                return STATUS_OK;
            }
        }
    }
    if (section_known) {
        return unknown_key(file, s, err);
    }
    return err_set(err, STATUS_FORMAT, "%.*s:%u: unknown section [%.*s]", TEXT_ARG(file->shown),
                   (unsigned)s->line, TEXT_ARG(s->section));
}

bool is_plain_name(struct text t)
{
    for (size_t i = 0; i < t.n; i++) {
        char c = t.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-')) {
            return false;
        }
    }
    return t.n >= 1 && t.n <= 64;
}
