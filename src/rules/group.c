/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes and years, as people write them. */
#include "photogate/names.h"
#include "photogate/ruling.h"

enum { MAX_GROUP_BYTES = 4096 };

/* The folded form of "before name", appended to `out`. */
static enum status fold_behind(const char *before, struct text name, struct buffer *out,
                               struct err *err)
{
    struct buffer whole;
    buffer_init(&whole, MAX_GROUP_BYTES);
    buffer_add_cstr(&whole, before);
    buffer_add(&whole, name.at, name.n);
    enum status st = buffer_status(&whole, err);
    if (st == STATUS_OK) {
        st = name_fold((struct text){(const char *)whole.at, whole.n}, out, err);
    }
    buffer_release(&whole);
    return st;
}

enum status person_in_group(const struct person *p, struct text group, bool *in, struct err *err)
{
    /* Words that one of the two sides may leave out. */
    static const char *const BEFORE[][2] = {{"", ""}, {"year ", ""}, {"", "year "}, {"", "class "}};
    const struct text of[] = {p->reg_group, p->year_group};
    struct buffer asked, held;
    enum status st = STATUS_OK;
    buffer_init(&asked, MAX_GROUP_BYTES);
    buffer_init(&held, MAX_GROUP_BYTES);
    *in = false;
    for (size_t i = 0; i < 2 && !*in; i++) {
        for (size_t k = 0; st == STATUS_OK && of[i].n && k < sizeof BEFORE / sizeof BEFORE[0];
             k++) {
            buffer_reset(&asked);
            buffer_reset(&held);
            st = fold_behind(BEFORE[k][0], group, &asked, err);
            st = st == STATUS_OK ? fold_behind(BEFORE[k][1], of[i], &held, err) : st;
            *in = *in || (st == STATUS_OK && asked.n &&
                          bytes_equal(buffer_view(&asked), buffer_view(&held)));
        }
    }
    buffer_release(&asked);
    buffer_release(&held);
    return st;
}
