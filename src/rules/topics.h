/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which keywords are topics: the policy's words, the register's classes. Private to the room. */
#ifndef PHOTOGATE_RULES_TOPICS_H
#define PHOTOGATE_RULES_TOPICS_H

#include "rules/person_index.h"

/* Whether a keyword is a topic beyond doubt.
 *
 * It is one if the whole of it is a phrase of the lists topics, safe-phrases or acronyms, or a
 * class of the register; or if it is made of such phrases, numbers and words of the other lists.
 * Then, unless it is written in lower case, no word of it may be a common forename that is no topic
 * by itself, and not all of them words that are also names ("Heath Brook" may be a child, "heath
 * and brook" is none); but topics may stand with numbers and, none being a forename, with one
 * another ("June 2026", "Farm Trip").
 *
 * written  as in the photo, for its capitals
 * folded   name_fold of it
 * threads  pure
 */
bool topic_is_known(const struct person_index *index, struct text written, struct text folded);

#endif
