/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/limits.h"

#define RUN_MEMORY_BYTES ((size_t)4 * 1024 * 1024 * 1024)
#define WORK_MEMORY_BYTES ((size_t)64 * 1024 * 1024)

static enum status no_memory(struct err *err)
{
    return err_set(err, STATUS_NOMEM, "out of memory while getting ready");
}

enum status run_memory_new(struct run_memory **out, struct err *err)
{
    struct run_memory *m = calloc(1, sizeof *m);
    if (!m) {
        return no_memory(err);
    }
    m->intake.fd = -1;
    arena_init(&m->memory, RUN_MEMORY_BYTES);
    *out = m;
    return STATUS_OK;
}

void run_memory_free(struct run_memory *m)
{
    if (!m) {
        return;
    }
    for (size_t i = 0; i < m->n_works; i++) {
        struct work *w = &m->works[i];
        earlier_release(&w->earlier);
        for (size_t k = 0; k < w->n_files; k++) {
            (void)close(w->files[k].fd);
        }
        if (w->release >= 0) {
            (void)close(w->release);
        }
        buffer_release(&w->released);
        arena_release(&w->arena);
    }
    free(m->works);
    recall_release(&m->recalled_before);
    recall_release(&m->recalled_after);
    free(m->by_digest);
    history_release(&m->history);
    companions_free(m->companions);
    person_index_free(m->index);
    lexicon_free(m->lexicon);
    intake_close(&m->intake);
    arena_release(&m->memory);
    free(m);
}

static bool is_candidate(const struct item *it)
{
    return it->class == ITEM_CANDIDATE || it->class == ITEM_SPECIAL || it->class == ITEM_UNREADABLE;
}

/* A row for every file that gets a ruling. `only` leaves all others out. */
static enum status make_works(struct run_memory *m, struct text only, struct err *err)
{
    size_t slots = 16;
    while (slots < 2 * m->intake.n_candidates) {
        slots *= 2;
    }
    m->works = calloc(m->intake.n_candidates + 1, sizeof *m->works);
    m->by_digest = calloc(slots, sizeof *m->by_digest);
    m->by_digest_mask = slots - 1;
    if (!m->works || !m->by_digest) {
        return no_memory(err);
    }
    uint32_t position = 0;
    for (size_t i = 0; i < m->intake.n_items; i++) {
        const struct item *it = &m->intake.items[i];
        position += is_candidate(it);
        if (!is_candidate(it) || (only.n && !text_equal(only, it->name))) {
            continue;
        }
        struct work *w = &m->works[m->n_works];
        *w = (struct work){.index = m->n_works, .item = it, .release = -1, .owner = NO_OWNER};
        buffer_init(&w->released, 2 * (size_t)MAX_PHOTO_BYTES);
        arena_init(&w->arena, WORK_MEMORY_BYTES);
        w->evidence.name = it->name;
        w->evidence.position = position;
        w->evidence.size_bytes = it->size_bytes;
        w->evidence.name_clash = it->name_clash ? KNOWN_YES : KNOWN_NO;
        w->evidence.near_refused = KNOWN_NO;
        w->evidence.duplicate_of_earlier =
            KNOWN_NO; /* until a later photo turns out to be the same */
        m->n_works++;
    }
    if (only.n && m->n_works == 0) {
        return err_set(
            err, STATUS_USAGE,
            "that file gets no ruling of its own: it is not a photo, but lies beside some");
    }
    return STATUS_OK;
}

static enum status choose_channel(const struct home *home, struct text asked, struct report *report,
                                  struct err *err)
{
    struct text name = asked.n ? asked : home->school->default_channel;
    report->channel = policy_channel(home->policy, name);
    if (report->channel) {
        return STATUS_OK;
    }
    struct buffer known, shown;
    buffer_init(&known, 400);
    buffer_init(&shown, 100);
    for (size_t i = 0; i < home->policy->n_channels; i++) {
        buffer_add_cstr(&known, i ? ", " : "");
        buffer_add(&known, home->policy->channels[i].name.at, home->policy->channels[i].name.n);
    }
    text_print(&shown, name);
    enum status st = err_set(err, STATUS_USAGE, "the policy has no channel '%.*s'; it has: %.*s",
                             (int)shown.n, shown.n ? (const char *)shown.at : "", (int)known.n,
                             known.n ? (const char *)known.at : "none");
    buffer_release(&known);
    buffer_release(&shown);
    return st;
}

/* One batch, one channel: what was approved for the website is not approved for the press. */
static enum status check_channel(struct run_memory *m, struct home *home,
                                 const struct report *report, struct err *err)
{
    struct text channel = TEXT_NONE, intake = TEXT_NONE;
    enum status st =
        batch_last_run(home->ledger, report->batch, &m->memory, &channel, &intake, err);
    if (st == STATUS_OK && channel.n && !text_equal(channel, report->channel->name)) {
        st = err_set(err, STATUS_USAGE,
                     "batch %.*s holds photos for %.*s; give --batch another name for %.*s",
                     TEXT_ARG(report->batch), TEXT_ARG(channel), TEXT_ARG(report->channel->name));
    }
    return st;
}

static enum status choose_batch(struct run_memory *m, struct home *home,
                                const struct run_options *options, struct report *report,
                                struct err *err)
{
    struct text asked = options->batch;
    if (!asked.n) {
        return batch_name(options->intake, report->channel->name, m->lexicon, home->ledger,
                          &m->memory, &report->batch, err);
    }
    if (!batch_name_is_valid(asked)) {
        return err_set(err, STATUS_USAGE,
                       "a batch name has up to 64 letters (a-z), digits, '-', '_' and '.', and "
                       "starts with a letter or digit");
    }
    if (!batch_names_nobody(m->lexicon, asked, &m->memory)) {
        return err_set(err, STATUS_USAGE,
                       "the batch's name would stand in folder names and in the ledger, and it "
                       "looks as if it named somebody; choose another");
    }
    return arena_dup(&m->memory, asked, &report->batch) ? check_channel(m, home, report, err)
                                                        : no_memory(err);
}

/* The reference stands in the ledger and in reports: it may name nobody. */
static enum status check_request(struct run_memory *m, const struct run_options *options,
                                 struct report *report, struct err *err)
{
    struct text request = options->request;
    if (!request.n) {
        return report->channel->needs_request && !options->dry_run
                   ? err_set(err, STATUS_USAGE,
                             "the policy wants to know which request a batch for %.*s answers; "
                             "give its reference: --request REF",
                             TEXT_ARG(report->channel->name))
                   : STATUS_OK;
    }
    if (request.n > MAX_REFERENCE_BYTES || !text_is_utf8(request) || !text_is_printable(request)) {
        return err_set(err, STATUS_USAGE, "a request's reference is one line of at most %u bytes",
                       MAX_REFERENCE_BYTES);
    }
    if (!reason_names_nobody(m->lexicon, request)) {
        return err_set(err, STATUS_USAGE,
                       "the request's reference would stand in the ledger, and it looks as if it "
                       "named somebody; give a number or a date");
    }
    return arena_dup(&m->memory, request, &report->request) ? STATUS_OK : no_memory(err);
}

/* The intake may not lie in the school's folder, nor hold it: what was approved would be judged
 * again as if it were new. */
static enum status check_apart(const struct home *home, const char *intake, struct err *err)
{
    char *whole = realpath(intake, NULL);
    if (!whole) {
        return err_set(err, STATUS_IO, "%s: %s", intake, strerror(errno));
    }
    size_t a = strlen(whole), b = strlen(home->path);
    bool inside = a >= b && strncmp(whole, home->path, b) == 0 && (whole[b] == '/' || !whole[b]);
    bool around = b >= a && strncmp(whole, home->path, a) == 0 &&
                  (home->path[a] == '/' || !home->path[a] || a == 1);
    free(whole);
    return inside || around
               ? err_set(err, STATUS_USAGE,
                         "the photos must lie outside the school's folder, and not around it")
               : STATUS_OK;
}

enum status run_load(struct run_memory *m, struct home *home, const struct run_options *options,
                     struct bench *bench, struct run_result *result, struct err *err)
{
    struct report *report = &result->report;
    /* One photo that is only explained may lie anywhere. */
    enum status st = options->only.n ? STATUS_OK : check_apart(home, options->intake, err);
    if (st == STATUS_OK) {
        st = choose_channel(home, options->channel, report, err);
    }
    if (st == STATUS_OK) {
        st = register_snapshot(home->people, &m->memory, &m->snapshot, err);
    }
    if (st == STATUS_OK) {
        st = register_check(home->ledger, &m->snapshot, !options->dry_run, err);
    }
    if (st == STATUS_OK && m->snapshot.version == 0) {
        st = err_set(err, STATUS_USAGE,
                     "the register is empty; import the school's export first: photogate import "
                     "pupils.csv staff.csv");
    }
    if (st == STATUS_OK) {
        st = lexicon_build(&m->snapshot, home->policy, &m->lexicon, err);
    }
    if (st == STATUS_OK) {
        st = person_index_build(&m->snapshot, &m->index, err);
    }
    if (st == STATUS_OK) {
        st = person_index_learn_topics(m->index, home->policy, err);
    }
    if (st == STATUS_OK) {
        st = choose_batch(m, home, options, report, err);
    }
    if (st == STATUS_OK) {
        st = check_request(m, options, report, err);
    }
    if (st == STATUS_OK) {
        st = options->only.n ? intake_open_flat(options->intake, &m->intake, err)
                             : intake_open(options->intake, &m->intake, err);
    }
    if (st == STATUS_OK) {
        st = companions_build(&m->intake, &m->companions, err);
    }
    if (st == STATUS_OK) {
        st = manifests_read(&m->intake, &m->memory, &m->manifests, &m->n_manifests, err);
    }
    if (st == STATUS_OK) {
        st = make_works(m, options->only, err);
    }
    if (st == STATUS_OK) {
        st = copies_find(m, err);
    }
    if (st != STATUS_OK) {
        return st;
    }
    struct date today = date_today();
    struct date date = date_is_set(options->date) ? options->date : today;
    if (!options->dry_run && date_compare(date, today) != 0) {
        return err_set(err, STATUS_USAGE,
                       "another day than today can only be asked about (--dry-run): what is "
                       "published is judged as of today");
    }
    *bench = (struct bench){
        .policy = home->policy,
        .channel = report->channel,
        .snapshot = &m->snapshot,
        .lexicon = m->lexicon,
        .index = m->index,
        .date = date,
    };
    report->school = home->school->name;
    report->dpo_contact = home->school->dpo_contact;
    report->program_version = text_of(PHOTOGATE_VERSION);
    report->policy = home->policy;
    report->snapshot = &m->snapshot;
    report->date = date;
    return STATUS_OK;
}

enum status run_take_readiness(struct run_memory *m, const struct readiness *ready,
                               const struct policy *policy, struct report *report, struct err *err)
{
    const struct confinement *c = &ready->confinement;
    struct buffer b;
    buffer_init(&b, 1024);
    if (c->landlock_abi) {
        buffer_format(&b, "Landlock ABI %u", c->landlock_abi);
    } else {
        buffer_add_cstr(&b, "Landlock not available");
    }
    buffer_format(&b, "; system calls %s", c->seccomp ? "limited by seccomp" : "not limited");
    if (c->address_bytes) {
        buffer_format(&b, "; memory at most %llu MiB",
                      (unsigned long long)(c->address_bytes / (1024 * 1024)));
    } else {
        buffer_add_cstr(&b, "; memory not limited");
    }
    buffer_format(&b, "; %d s a photo", EXAMINER_WALL_MS / 1000);
    enum status st = buffer_status(&b, err);
    if (st == STATUS_OK &&
        (!arena_dup(&m->memory, (struct text){(const char *)b.at, b.n}, &report->confinement) ||
         !arena_dup(&m->memory, ready->detector, &report->face_detector))) {
        st = no_memory(err);
    }
    buffer_release(&b);
    report->face_assurance = ready->assurance;
    if (st == STATUS_OK && policy->require_confinement && (!c->landlock_abi || !c->seccomp)) {
        st = err_set(err, STATUS_UNSUPPORTED,
                     "the policy requires confined examiners, and this system lacks %s",
                     c->landlock_abi ? "seccomp" : "Landlock");
    }
    return st;
}

static size_t slot_of(const struct run_memory *m, const struct digest *d)
{
    size_t v = 0;
    memcpy(&v, d->b, sizeof v);
    return v & m->by_digest_mask;
}

const struct work *work_first_with(struct run_memory *m, const struct work *w)
{
    size_t slot = slot_of(m, &w->evidence.digest);
    for (;;) {
        uint32_t there = m->by_digest[slot];
        if (there == 0) {
            m->by_digest[slot] = (uint32_t)w->index + 1;
            return NULL;
        }
        const struct work *other = &m->works[there - 1];
        if (digest_equal(&other->evidence.digest, &w->evidence.digest)) {
            return other;
        }
        slot = (slot + 1) & m->by_digest_mask;
    }
}

unsigned run_jobs(unsigned asked, unsigned configured, size_t n_photos)
{
    cpu_set_t cores;
    unsigned jobs = asked ? asked : configured;
    if (jobs == 0) {
        jobs = sched_getaffinity(0, sizeof cores, &cores) == 0 ? (unsigned)CPU_COUNT(&cores) : 1;
    }
    if (jobs > n_photos) {
        jobs = n_photos ? (unsigned)n_photos : 1;
    }
    return jobs > MAX_WORKERS ? MAX_WORKERS : jobs;
}
