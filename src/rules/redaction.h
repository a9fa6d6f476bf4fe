/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose face may be covered instead of refusing the photo. Private to the room. */
#ifndef PHOTOGATE_RULES_REDACTION_H
#define PHOTOGATE_RULES_REDACTION_H

#include "rules/rule_table.h"

/* Who is covered, and where. Nobody is unless the policy says people.no_consent = redact, and the
 * photo was looked at. A person is if
 *
 * - they are a pupil at the school, neither on the do-not-publish list nor objecting themselves,
 * and
 *   the register is clear about both;
 * - for each purpose the channel needs they agreed or merely did not: nobody objected, nothing is
 *   unclear;
 * - a program marked them in the photo, by name; all such marks lie on one another, none of them on
 *   somebody else's, and each is of some size or has a face in it;
 * - no text that goes with the photo names them, nor does a text in the file. Where the policy lets
 *   names stand beside a photo, no text may go with it at all: whom a name means that it lets pass,
 *   nobody judged.
 *
 * The area is what holds all their marks and the faces found there, and two fifths of its width and
 * height more on each side, for hair and ears.
 *
 * *out     in arena `a`, by person
 * fails    NOMEM
 * threads  pure
 */
enum status redaction_find(const struct hearing *h, const struct cast *c, struct arena *a,
                           const struct covered_face **out, size_t *n, struct err *err);

/* What is known of one person's consent: does it lack nothing but a yes? */
bool redaction_standing_is_mere_lack(enum consent_standing s);

#endif
