/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register and the ledger know of one another: neither can be put back alone. */
#include <string.h>

#include "photogate/home.h"

/* What the ledger last heard of the register. */
struct heard {
    int64_t version;
    char digest[DIGEST_HEX_BYTES];
};

static enum status hear(void *context, const struct entry *e, struct err *err)
{
    struct heard *h = context;
    const json_t *version = json_object_get(e->body, "register_version");
    const char *digest = json_string_value(json_object_get(e->body, "register"));
    (void)err;
    if (json_is_integer(version) && digest && strlen(digest) < sizeof h->digest) {
        h->version = json_integer_value(version);
        memcpy(h->digest, digest, strlen(digest) + 1);
    }
    return STATUS_OK;
}

/* An import that was applied, and whose entry a kill prevented. */
static enum status make_up(struct ledger *l, const struct snapshot *s, struct err *err)
{
    char when[TIME_TEXT_BYTES], hex[DIGEST_HEX_BYTES];
    json_t *body =
        json_pack("{s:[], s:I, s:s, s:b}", "files", "register_version", (json_int_t)s->version,
                  "register", digest_hex(&s->digest, hex), "recovered", true);
    enum status st = body ? ledger_begin(l, err)
                          : err_set(err, STATUS_NOMEM, "out of memory while writing the ledger");
    if (st == STATUS_OK) {
        time_now(when);
        st = ledger_append(l, ENTRY_IMPORT, when, body, NULL, err);
        st = st == STATUS_OK ? ledger_commit(l, err) : st;
        if (st != STATUS_OK) {
            ledger_rollback(l);
        }
    }
    json_decref(body);
    return st;
}

enum status register_check(struct ledger *l, const struct snapshot *s, bool may_write,
                           struct err *err)
{
    struct heard h = {0};
    char hex[DIGEST_HEX_BYTES];
    enum status st = ledger_each(l, 1u << ENTRY_IMPORT | 1u << ENTRY_RUN, hear, &h, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (s->version < h.version) {
        return err_set(err, STATUS_BROKEN,
                       "register.db is an older copy: it is at import %lld, and the ledger knows "
                       "import %lld. Consents withdrawn since then are missing from it: put the "
                       "newer one back",
                       (long long)s->version, (long long)h.version);
    }
    if (s->version == h.version && h.version && strcmp(digest_hex(&s->digest, hex), h.digest)) {
        return err_set(err, STATUS_BROKEN,
                       "register.db was changed by something else than 'photogate import' since "
                       "import %lld: put the right one back, or import the school's export again "
                       "into a new folder",
                       (long long)h.version);
    }
    return s->version > h.version && may_write ? make_up(l, s, err) : STATUS_OK;
}
