/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/ini_file.h"

#include <fcntl.h>
#include <string.h>

#include <ini.h>

#include "photogate/limits.h"

/* One parse. inih calls the reader for a line, then the handler for what it made of that line.
 * Debian's inih tells the handler no line number, but the reader counts the same lines. */
struct ini_parse {
    struct bytes left; /* not yet given to inih */
    uint32_t line;     /* number of the line given last */
    bool indented;     /* that line starts with a blank */
    struct arena *arena;
    struct setting *at;
    size_t n, max;
    struct buffer value;  /* of the last setting, until the next one starts */
    uint32_t failed_line; /* 0 = none */
    enum status status;
    struct err err; /* without file and line */
};

static void parse_fail(struct ini_parse *p, enum status status, const char *words)
{
    if (!p->failed_line) {
        p->failed_line = p->line;
        p->status = err_set(&p->err, status, "%s", words);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "key = value" where it was meant as a setting of its own; a link's "https://..." was not. */
static bool looks_like_setting(struct text t)
{
    size_t i = 0;
    while (i < t.n && ((t.at[i] >= 'a' && t.at[i] <= 'z') || t.at[i] == '_' || t.at[i] == '.')) {
        i++;
    }
    size_t word = i;
    while (i < t.n && is_blank(t.at[i])) {
        i++;
    }
    bool separated = i < t.n && (t.at[i] == '=' || t.at[i] == ':');
    return word > 0 && separated && !text_starts_with(text_slice(t, i, t.n), TEXT("://"));
}

static bool has_comment_behind(struct text t)
{
    for (size_t i = 1; i < t.n; i++) {
        if (t.at[i] == ';' && is_blank(t.at[i - 1])) {
            return true;
        }
    }
    return false;
}

/* Why a line (its end taken off) must not be given to inih, or NULL. */
static const char *line_trouble(struct text line)
{
    for (size_t i = 0; i < line.n; i++) {
        size_t from = i;
        while (i < line.n && line.at[i] != '\t') {
            i++;
        }
        struct text part = text_slice(line, from, i - from);
        if (!text_is_utf8(part)) {
            return "not UTF-8: save the file as UTF-8";
        }
        if (!text_is_printable(part)) {
            return "a control or invisible character";
        }
    }
    struct text t = text_trim(line);
    if (t.n == 0 || t.at[0] == '#' || t.at[0] == ';') {
        return NULL;
    }
    bool indented = is_blank(line.at[0]);
    if (indented && (t.at[0] == '[' || looks_like_setting(t))) {
        return "an indented line goes on with the value above it: take the blanks off";
    }
    if (t.at[0] == '[' && (t.n < 3 || memchr(t.at + 1, ']', t.n - 1) != t.at + t.n - 1)) {
        return "expected a section's heading, [name], and nothing behind it";
    }
    if (has_comment_behind(line)) {
        return "a ';' behind a blank starts a comment: give the comment a line of its own, or "
               "separate with ','";
    }
    return NULL;
}

/* inih's reader, in the manner of fgets. */
static char *next_line(char *out, int room, void *user)
{
    struct ini_parse *p = user;
    if (p->left.n == 0 || p->failed_line) {
        return NULL;
    }
    p->line++;
    const uint8_t *end = memchr(p->left.at, '\n', p->left.n);
    size_t n = end ? (size_t)(end - p->left.at) + 1 : p->left.n;
    struct text line = {(const char *)p->left.at, n};
    p->left = bytes_slice(p->left, n, p->left.n);
    if (line.at[line.n - 1] == '\n') {
        line.n--;
    }
    if (line.n && line.at[line.n - 1] == '\r') {
        line.n--;
    }
    const char *trouble = line_trouble(line);
    struct text content = text_trim(line);
    if (!trouble && content.n && (content.at[0] == '#' || content.at[0] == ';')) {
        line.n = 0; /* a comment may be as long as it likes */
    }
    if (!trouble && (room < 3 || line.n > (size_t)room - 3)) {
        trouble = "the line is too long: break it and indent the rest";
    }
    if (trouble) {
        parse_fail(p, STATUS_FORMAT, trouble);
        return NULL;
    }
    p->indented = line.n && is_blank(line.at[0]);
    if (line.n) {
        memcpy(out, line.at, line.n);
    }
    out[line.n] = '\0';
    return out;
}

/* Give the last setting the value gathered for it. */
static bool value_finish(struct ini_parse *p)
{
    if (p->n == 0) {
        return true;
    }
    if (p->value.failed != STATUS_OK) {
        parse_fail(p, p->value.failed,
                   p->value.failed == STATUS_LIMIT ? "the value is too long" : "out of memory");
        return false;
    }
    struct bytes v = buffer_view(&p->value);
    struct text value = text_trim((struct text){(const char *)v.at, v.n});
    if (!arena_dup(p->arena, value, &p->at[p->n - 1].value)) {
        parse_fail(p, STATUS_NOMEM, "out of memory");
        return false;
    }
    return true;
}

static bool setting_start(struct ini_parse *p, struct text section, struct text key)
{
    for (size_t i = 0; i < p->n; i++) {
        if (text_equal(p->at[i].section, section) && text_equal(p->at[i].key, key)) {
            p->failed_line = p->line;
            p->status =
                err_set(&p->err, STATUS_FORMAT, "\"%.*s\" stands twice in [%.*s], first in line %u",
                        TEXT_ARG(key), TEXT_ARG(section), (unsigned)p->at[i].line);
            return false;
        }
    }
    if (p->n == p->max) {
        parse_fail(p, STATUS_LIMIT, "too many settings");
        return false;
    }
    struct setting *s = &p->at[p->n];
    if (!arena_dup(p->arena, section, &s->section) || !arena_dup(p->arena, key, &s->key)) {
        parse_fail(p, STATUS_NOMEM, "out of memory");
        return false;
    }
    s->line = p->line;
    p->n++;
    buffer_reset(&p->value);
    return true;
}

/* inih's handler: 1 for good, 0 for an error. */
static int take_setting(void *user, const char *section, const char *name, const char *value)
{
    struct ini_parse *p = user;
    if (p->failed_line) {
        return 0;
    }
    if (section[0] == '\0') {
        parse_fail(p, STATUS_FORMAT, "expected a section's heading, [name], before any setting");
        return 0;
    }
    if (!text_is_utf8(text_of(section))) { /* inih cuts it, within a character too */
        parse_fail(p, STATUS_FORMAT, "the section's name is too long");
        return 0;
    }
    if (name[0] == '\0') {
        parse_fail(p, STATUS_FORMAT, "expected a setting's name before '='");
        return 0;
    }
    if (p->indented && p->n) {
        buffer_add_byte(&p->value, '\n');
    } else if (!value_finish(p) || !setting_start(p, text_of(section), text_of(name))) {
        return 0;
    }
    buffer_add_cstr(&p->value, value);
    return 1;
}

static size_t count_lines(struct bytes file)
{
    size_t n = 1;
    for (size_t i = 0; i < file.n; i++) {
        n += file.at[i] == '\n';
    }
    return n;
}

enum status settings_parse(struct bytes file, struct text shown, struct arena *a,
                           struct settings *out, struct err *err)
{
    size_t lines = count_lines(file);
    struct ini_parse p = {.left = file, .arena = a, .status = STATUS_OK};
    if (bytes_start_with(p.left, "\xEF\xBB\xBF", 3)) {
        p.left = bytes_slice(p.left, 3, p.left.n);
    }
    p.max = lines < MAX_POLICY_SETTINGS ? lines : MAX_POLICY_SETTINGS;
    p.at = arena_alloc(a, p.max, sizeof *p.at);
    if (!p.at) {
        return err_set(err, STATUS_NOMEM, "out of memory");
    }
    buffer_init(&p.value, MAX_TEXT_BYTES);
    int syntax = ini_parse_stream(next_line, &p, take_setting, &p);
    if (syntax >= 0 && !p.failed_line) {
        (void)value_finish(&p);
    }
    enum status st = STATUS_OK;
    if (syntax < 0) {
        st = err_set(err, STATUS_NOMEM, "%.*s: out of memory", TEXT_ARG(shown));
    } else if (syntax > 0 && (!p.failed_line || (uint32_t)syntax < p.failed_line)) {
        st = err_set(err, STATUS_FORMAT, "%.*s:%d: expected [section], key = value or # comment",
                     TEXT_ARG(shown), syntax);
    } else if (p.failed_line) {
        st = err_set(err, p.status, "%.*s:%u: %s", TEXT_ARG(shown), (unsigned)p.failed_line,
                     p.err.text);
    } else {
        *out = (struct settings){.shown = shown, .at = p.at, .n = p.n};
    }
    buffer_release(&p.value);
    return st;
}

enum status settings_read(const char *path, bool *missing, struct arena *a, struct settings *out,
                          struct bytes *content, struct err *err)
{
    enum status st;
    struct buffer bytes, printed;
    struct bytes view;
    struct text shown, kept;
    buffer_init(&bytes, MAX_POLICY_BYTES);
    buffer_init(&printed, (size_t)4 * MAX_PATH_BYTES);
    text_print(&printed, text_of(path));
    st = buffer_status(&printed, err);
    if (st != STATUS_OK) {
        goto out;
    }
    view = buffer_view(&printed);
    if (!arena_dup(a, (struct text){(const char *)view.at, view.n}, &shown)) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
        goto out;
    }
    st = plain_file_read(AT_FDCWD, path, shown.at, missing, &bytes, err);
    if (st != STATUS_OK || (missing && *missing)) {
        goto out;
    }
    view = buffer_view(&bytes);
    if (!arena_dup(a, (struct text){(const char *)view.at, view.n}, &kept)) {
        st = err_set(err, STATUS_NOMEM, "out of memory");
        goto out;
    }
    *content = (struct bytes){(const uint8_t *)kept.at, kept.n};
    st = settings_parse(*content, shown, a, out, err);
out:
    buffer_release(&bytes);
    buffer_release(&printed);
    return st;
}
