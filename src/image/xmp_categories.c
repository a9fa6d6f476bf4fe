/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ACDSee's categories: XML within a text of XMP, as ACDSee Pro writes it:
 *
 *     <Categories><Category Assigned="0">People<Category Assigned="1">Mia Osei</Category>
 *     </Category></Categories>
 *
 * Those assigned are keywords, with the categories around them as the levels above. */
#include "image/xmp_regions.h"

#include <string.h>

#include "photogate/limits.h"

enum { MAX_LEVELS = 16 };

struct walk {
    struct text levels[MAX_LEVELS];
    bool assigned[MAX_LEVELS];
    size_t depth;
};

/* The levels down to the one that ends here, "People|Mia Osei". */
static void give(struct gathering *g, enum carrier_id carrier, const struct walk *w)
{
    struct buffer path;
    buffer_init(&path, MAX_TAG_BYTES + 1);
    for (size_t i = 0; i < w->depth; i++) {
        buffer_add_cstr(&path, i ? "|" : "");
        buffer_add(&path, w->levels[i].at, w->levels[i].n);
    }
    if (path.failed == STATUS_OK) {
        gather_tag(g, carrier, TAG_KEYWORD, (struct text){(const char *)path.at, path.n}, NULL);
    } else {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, "categories longer than can be checked");
    }
    buffer_release(&path);
}

/* What stands between '<' and '>'. False when it has no place in categories. */
static bool tag(struct gathering *g, enum carrier_id carrier, struct walk *w, struct text t)
{
    if (text_equal(t, TEXT("Categories")) || text_equal(t, TEXT("/Categories"))) {
        return w->depth == 0;
    }
    if (text_equal(t, TEXT("/Category")) && w->depth) {
        if (w->assigned[w->depth - 1]) {
            give(g, carrier, w);
        }
        w->depth--;
        return true;
    }
    if (!text_starts_with(t, TEXT("Category")) || t.at[t.n - 1] == '/' || w->depth == MAX_LEVELS) {
        return false;
    }
    /* Anything but a plain no is a yes. */
    bool is_no = memmem(t.at, t.n, "Assigned=\"0\"", 12) || memmem(t.at, t.n, "Assigned='0'", 12);
    w->levels[w->depth] = TEXT_NONE;
    w->assigned[w->depth++] = !is_no;
    return true;
}

void xmp_categories_read(struct gathering *g, enum carrier_id carrier, struct text value)
{
    struct walk w = {.depth = 0};
    bool is_sound = true;
    value = text_trim(value);
    gather_carrier(g, carrier, CARRIER_READ, 0, NULL);
    while (value.n && is_sound) {
        struct text rest, words = text_trim(text_cut(value, '<', &rest));
        if (words.n) {
            is_sound = w.depth > 0 && w.levels[w.depth - 1].n == 0;
            w.levels[w.depth ? w.depth - 1 : 0] = words;
        }
        if (!memchr(value.at, '<', value.n)) {
            break;
        }
        const char *end = rest.n ? memchr(rest.at, '>', rest.n) : NULL;
        is_sound =
            is_sound && end && tag(g, carrier, &w, text_slice(rest, 0, (size_t)(end - rest.at)));
        value = end ? text_slice(rest, (size_t)(end - rest.at) + 1, rest.n) : TEXT_NONE;
    }
    if (!is_sound || w.depth) {
        gather_carrier(g, carrier, CARRIER_UNPARSABLE, 0, "categories that cannot be read");
    }
}
