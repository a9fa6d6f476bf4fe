/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/actor.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *account_of(uid_t uid, char out[ACCOUNT_BYTES])
{
    char room[4096];
    struct passwd entry, *found = NULL;
    bool known = getpwuid_r(uid, &entry, room, sizeof room, &found) == 0 && found;
    int n = known ? snprintf(out, ACCOUNT_BYTES, "%s", found->pw_name) : -1;
    if (n <= 0 || n >= ACCOUNT_BYTES) {
        out[0] = '\0';
    }
    return out;
}

/* Who logged in, by the kernel's memory: /proc/self/loginuid, 2^32 - 1 where nobody did (a service,
 * a container). source  proc(5); Linux Documentation/ABI/stable/procfs-audit_loginuid */
static bool login_name(char out[ACCOUNT_BYTES])
{
    char digits[16] = "";
    uint64_t uid;
    int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, digits, sizeof digits - 1);
    if (fd >= 0) {
        (void)close(fd);
    }
    return n > 0 && text_to_number(text_trim((struct text){digits, (size_t)n}), UINT32_MAX, &uid) &&
           uid != UINT32_MAX && account_of((uid_t)uid, out)[0];
}

void actor_now(struct actor *out)
{
    char runs_as[ACCOUNT_BYTES];
    *out = (struct actor){.name = ""};
    (void)account_name(runs_as);
    if (!login_name(out->name)) {
        memcpy(out->name, runs_as, sizeof out->name);
    }
    if (strcmp(out->name, runs_as) != 0) {
        memcpy(out->runs_as, runs_as, sizeof out->runs_as);
    }
    const char *sudo = getenv("SUDO_USER");
    struct text said = text_of(sudo ? sudo : "");
    if (said.n && said.n < ACCOUNT_BYTES && text_is_utf8(said) && text_is_printable(said) &&
        !text_equal(said, text_of(out->name))) {
        memcpy(out->sudo_user, said.at, said.n);
    }
}

enum status actor_record(const struct actor *a, json_t *body)
{
    int bad = json_object_set_new(body, "by", json_string(a->name));
    if (a->runs_as[0]) {
        bad |= json_object_set_new(body, "runs_as", json_string(a->runs_as));
    }
    if (a->sudo_user[0]) {
        bad |= json_object_set_new(body, "sudo_user", json_string(a->sudo_user));
    }
    return bad ? STATUS_NOMEM : STATUS_OK;
}

bool actor_handed_in(const struct actor *a, const json_t *body)
{
    const char *by = json_string_value(json_object_get(body, "by"));
    const char *owner = json_string_value(json_object_get(body, "owner"));
    return (by && strcmp(by, a->name) == 0) || (owner && strcmp(owner, a->name) == 0);
}

unsigned actor_roles(const struct school *school, const struct actor *a)
{
    unsigned roles = 0;
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        for (size_t i = 0; i < school->n_accounts[r]; i++) {
            if (text_equal(school->accounts[r][i], text_of(a->name))) {
                roles |= ROLE_BIT(r);
            }
        }
    }
    return roles;
}

enum status actor_role(const struct school *school, const struct actor *a, unsigned allowed,
                       enum role asked, enum role *out, struct err *err)
{
    unsigned has = actor_roles(school, a);
    unsigned may = has & allowed & (asked == ROLE_NONE ? ~0u : ROLE_BIT(asked));
    for (unsigned r = ROLE_NONE + 1; r < N_ROLES; r++) {
        if ((may >> r) & 1u) {
            *out = (enum role)r;
            return STATUS_OK;
        }
    }
    struct buffer b;
    buffer_init(&b, 400);
    if (asked != ROLE_NONE && !(allowed & ROLE_BIT(asked))) {
        buffer_add_cstr(&b, "this is not for the role '");
        buffer_add_cstr(&b, role_name(asked));
        buffer_add_cstr(&b, "', but for: ");
        roles_words(&b, allowed);
    } else {
        buffer_format(&b, "the account '%s' does not have the role this needs (", a->name);
        roles_words(&b, asked == ROLE_NONE ? allowed : ROLE_BIT(asked));
        buffer_format(&b,
                      "); whoever keeps photogate.conf can give it: in section [roles], "
                      "write for example '%s = %s'",
                      role_name(asked == ROLE_NONE ? ROLE_SENIOR : asked), a->name);
    }
    enum status st = err_set(err, STATUS_USAGE, "%.*s", (int)b.n, b.n ? (const char *)b.at : "");
    buffer_release(&b);
    return st;
}
