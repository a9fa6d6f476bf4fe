/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cameras put behind the end of a picture: the film of a moving photo, further pictures, their
 * own notes. It goes, unread; its first bytes say what it was. */
#include <stdio.h>
#include <string.h>

#include "image/gathering.h"

enum { LOOK_BYTES = 4096 };

static bool has(struct bytes b, const char *what, size_t n)
{
    return b.n && memmem(b.at, b.n, what, n) != NULL;
}

/* ISO/IEC 14496-12: a file starts with the box `ftyp`; a track's handler is `soun` for sound
 * (8.4.3). */
static const char *words_for(struct bytes t)
{
    struct bytes head = bytes_slice(t, 0, LOOK_BYTES);
    if (has(head, "ftyp", 4)) {
        return has(t, "soun", 4) ? "a video with sound" : "a video without sound";
    }
    if (bytes_start_with(t, "\xFF\xD8\xFF", 3) || has(head, "\xFF\xD8\xFF", 3)) {
        return has(t, "ftyp", 4) ? "another picture, and a video" : "another picture";
    }
    return "data of an unknown kind";
}

void gather_trailer(struct gathering *g, struct bytes trailer)
{
    char line[96];
    if (trailer.n == 0) {
        return;
    }
    gather_carrier(g, CARRIER_TRAILER, CARRIER_DROPPED, trailer.n, "");
    (void)snprintf(line, sizeof line, "%s, %zu bytes", words_for(trailer), trailer.n);
    gather_fact(g, CARRIER_TRAILER, FACT_INSIDE, text_of(line));
}
