/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An XMP packet's shape, looked at before exempi is let at it.
 *
 * exempi overflows its stack on deep nesting, follows entity declarations, takes other encodings
 * than UTF-8 at their word, and drops without a word what it cannot make sense of in RDF. So depth,
 * size, encoding and declarations are refused here, and what stands in the packet is counted, to be
 * held against what exempi gives back.
 */
#ifndef PHOTOGATE_IMAGE_XMP_SURVEY_H
#define PHOTOGATE_IMAGE_XMP_SURVEY_H

#include "photogate/text.h"

/* Properties that may name somebody. An element or attribute of this local name in the packet must
 * come out of exempi. */
#define XMP_WATCHED_LIST(X)                                                                        \
    X(REGIONS, "Regions")                                                                          \
    X(REGION_LIST, "RegionList")                                                                   \
    X(NAME, "Name")                                                                                \
    X(PERSON_DISPLAY_NAME, "PersonDisplayName")                                                    \
    X(PERSON_IN_IMAGE, "PersonInImage")                                                            \
    X(PERSON_IN_IMAGE_W_DETAILS, "PersonInImageWDetails")                                          \
    X(PERSON_NAME, "PersonName")                                                                   \
    X(PEOPLE, "People")                                                                            \
    X(SUBJECT, "subject")                                                                          \
    X(HIERARCHICAL_SUBJECT, "hierarchicalSubject")                                                 \
    X(TAGS_LIST, "TagsList")                                                                       \
    X(LAST_KEYWORD, "LastKeywordXMP")                                                              \
    X(DESCRIPTION, "description")                                                                  \
    X(TITLE, "title")                                                                              \
    X(HEADLINE, "Headline")

enum xmp_watched {
#define X(symbol, local) XMP_WATCHED_##symbol,
    XMP_WATCHED_LIST(X)
#undef X
        N_XMP_WATCHED
};

/* exempi takes a text in the default language and one in another for the same text and overwrites
 * the other. So the default language is called this in what exempi is given; as long as
 * "x-default". */
#define XMP_DEFAULT_LANGUAGE "x-defaulz"

struct xmp_survey {
    uint32_t watched; /* bit per enum xmp_watched: seen at least once */
    size_t n_items;   /* list items with something in them */
    size_t n_rdf;     /* rdf:RDF elements */
};

/* Read a packet's tags, and rename the default language.
 *
 * packet   `n` bytes, the caller's copy; hostile
 * returns  NULL, with *out set, or why the packet may not go to exempi: one static printable line
 * threads  pure
 * source   XML 1.0 (fifth edition), productions 1 to 44, less what is refused
 */
const char *xmp_survey(char *packet, size_t n, struct xmp_survey *out);

/* The bit of a local name, or 0. */
uint32_t xmp_watched_bit(struct text local);

#endif
