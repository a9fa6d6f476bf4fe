/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "photogate/home.h"

const char *account_name(char out[ACCOUNT_BYTES])
{
    char room[4096];
    struct passwd entry, *found = NULL;
    uid_t uid = geteuid();
    bool known = getpwuid_r(uid, &entry, room, sizeof room, &found) == 0 && found;
    int n = known ? snprintf(out, ACCOUNT_BYTES, "%s", found->pw_name) : -1;
    if (n <= 0 || n >= ACCOUNT_BYTES) { /* a name cut short would be somebody else's */
        (void)snprintf(out, ACCOUNT_BYTES, "uid %lu", (unsigned long)uid);
    }
    return out;
}
