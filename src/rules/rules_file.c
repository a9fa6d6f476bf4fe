/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F: is the file one that can be examined, and was it? */
#include "rules/rule_table.h"

/* What to do with a file of a kind that cannot be released. Kinds not listed get the general words.
 */
struct kind_advice {
    enum file_kind kind;
    const char *advice;
};

static const struct kind_advice ADVICE[] = {
    {FILE_HEIF, "Export it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."},
    {FILE_AVIF, "Save it as JPEG and put that copy into the folder."},
    {FILE_WEBP, "Save it as JPEG or PNG and put that copy into the folder."},
    {FILE_GIF, "Save the one picture you need as PNG; an animation cannot be checked."},
    {FILE_TIFF, "Save it as JPEG or PNG and put that copy into the folder."},
    {FILE_BMP, "Save it as JPEG or PNG and put that copy into the folder."},
    {FILE_RAW, "Develop it in a photo program and export it as JPEG."},
    {FILE_PSD, "Export the finished picture as JPEG or PNG."},
    {FILE_SVG, "Export the drawing as PNG."},
    {FILE_VIDEO, "A video cannot be checked; use a photo, or ask the DPO about the video."},
    {FILE_AUDIO, "A sound recording cannot be checked; ask the DPO about it."},
    {FILE_PDF, "Save the photos it holds as JPEG and put those into the folder."},
    {FILE_OFFICE, "Save the photos it holds as JPEG and put those into the folder."},
    {FILE_ARCHIVE, "Unpack it first and put the photos themselves into the folder."},
    {FILE_EMPTY, "Copy it again from the camera or phone; nothing arrived."},
    {FILE_JPEG, "Open it in a photo program and save it as an ordinary JPEG."},
    {FILE_PNG, "Open it in a photo program and save it as an ordinary JPEG or PNG."},
};

static const char *advice_for(enum file_kind kind)
{
    for (size_t i = 0; i < sizeof ADVICE / sizeof ADVICE[0]; i++) {
        if (ADVICE[i].kind == kind) {
            return ADVICE[i].advice;
        }
    }
    return "Take it out of the folder, or save it as JPEG or PNG.";
}

/* The examiner's note, as ": note" or nothing. */
static struct text note_of(struct rule_sink *k, const struct evidence *e)
{
    struct text note = sink_print(k, e->exam_note);
    return note.n ? sink_say(k, ": %.*s", TEXT_ARG(note)) : TEXT_NONE;
}

/* The same for office and DPO: nothing in it is about a person. */
static void file_hit(struct rule_sink *k, enum verdict verdict, struct text sentence)
{
    sink_hit(k, verdict, NO_PERSON, NULL, sentence, sentence);
}

void check_file_unsupported(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    bool refused = e->exam == EXAM_NOT_A_PHOTO || e->exam == EXAM_UNSUPPORTED;
    if (!refused && (e->exam != EXAM_DONE || file_kind_is_releasable(e->kind))) {
        return;
    }
    struct text note = note_of(k, e);
    file_hit(k, k->rule->verdict,
             sink_say(k, "This file cannot be checked here (%s%.*s). %s", file_kind_words(e->kind),
                      TEXT_ARG(note), advice_for(e->kind)));
}

void check_file_damaged(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    if (e->exam == EXAM_DAMAGED) {
        struct text note = note_of(k, e);
        file_hit(k, k->rule->verdict,
                 sink_say(k, "The file is %s%.*s.", exam_words(e->exam), TEXT_ARG(note)));
    }
}

/* Whatever is not one of the named outcomes: the look at the photo came to no end that can be
 * trusted. */
void check_file_unsafe(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    switch (e->exam) {
    case EXAM_DONE:
    case EXAM_NOT_A_PHOTO:
    case EXAM_UNSUPPORTED:
    case EXAM_DAMAGED:
    case EXAM_CHANGED:
    case EXAM_UNREADABLE:
    case EXAM_NOT_REGULAR:
        return;
    case EXAM_NOT_DONE:
    case EXAM_OVER_LIMIT:
    case EXAM_CRASHED:
    case EXAM_TIMED_OUT:
    case EXAM_OUT_OF_MEMORY:
    case EXAM_BAD_REPLY:
    case EXAM_NOT_COVERED:
    case N_EXAMS:
        break;
    }
    struct text note = note_of(k, e);
    file_hit(k, k->rule->verdict,
             sink_say(k, "The photo could not be examined safely (%s%.*s).", exam_words(e->exam),
                      TEXT_ARG(note)));
}

void check_file_changed(const struct hearing *h, struct rule_sink *k)
{
    if (h->evidence->exam == EXAM_CHANGED) {
        file_hit(k, k->rule->verdict, TEXT("The file changed while it was being read."));
    }
}

void check_file_unreadable(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    struct text note = note_of(k, e);
    if (e->exam == EXAM_UNREADABLE) {
        file_hit(k, k->rule->verdict,
                 sink_say(k, "The file could not be read%.*s.", TEXT_ARG(note)));
    } else if (e->exam == EXAM_NOT_REGULAR) {
        file_hit(k, k->rule->verdict,
                 sink_say(k, "This is no ordinary file, but %s%.*s.", exam_words(e->exam),
                          TEXT_ARG(note)));
    }
}

void check_file_duplicate(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    if (e->duplicate_of_earlier == KNOWN_YES) {
        file_hit(k, k->rule->verdict,
                 sink_say(k, "This is an exact copy of an earlier photo, number %u of this batch.",
                          (unsigned)e->duplicate_position));
    } else if (e->duplicate_of_earlier != KNOWN_NO && k->cast->examined) {
        file_hit(k, k->rule->verdict,
                 TEXT("It is not known whether this photo is a copy of an earlier one."));
    }
}

void check_file_name_unprintable(const struct hearing *h, struct rule_sink *k)
{
    struct text name = h->evidence->name;
    if (name.n == 0) {
        file_hit(k, k->rule->verdict, TEXT("The file has no name."));
    } else if (!text_is_utf8(name)) {
        file_hit(k, k->rule->verdict, TEXT("The file's name is not text that can be read."));
    } else if (!text_is_printable(name)) {
        file_hit(k, k->rule->verdict,
                 TEXT("The file's name has a line break or an invisible character in it."));
    }
}

void check_file_name_clash(const struct hearing *h, struct rule_sink *k)
{
    if (h->evidence->name_clash == KNOWN_YES) {
        file_hit(k, k->rule->verdict,
                 TEXT("Another file here has the same name but for capital letters."));
    } else if (h->evidence->name_clash != KNOWN_NO) {
        file_hit(k, k->rule->verdict,
                 TEXT("It is not known whether another file here has the same name."));
    }
}

/* Whether it is the next of a burst or the same picture worked over, whoever may not be shown in
 * the one is likely to be in the other. */
void check_near_copy(const struct hearing *h, struct rule_sink *k)
{
    const struct evidence *e = h->evidence;
    bool looked = e->likeness.known == KNOWN_YES || e->likeness.known == KNOWN_NO;
    if (!k->cast->examined || (looked && e->near_refused == KNOWN_NO)) {
        return;
    }
    if (e->near_refused != KNOWN_YES) {
        file_hit(k, k->rule->verdict,
                 TEXT("It is not known whether a photo like this one was refused."));
    } else if (e->near_position) {
        file_hit(k, k->rule->verdict,
                 sink_say(k,
                          "It is nearly the same as photo %u of this folder, which may not be "
                          "shown because of somebody in it.",
                          (unsigned)e->near_position));
    } else {
        file_hit(k, k->rule->verdict,
                 sink_say(k,
                          "It is nearly the same as the photo of case %lld, which may not be "
                          "shown because of somebody in it.",
                          (long long)e->near_case));
    }
}
