/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a photo gives away, told to a person. No school's folder is needed; the photo is read by a
 * confined examiner all the same. */
#include "cli.h"
#include "examine_file.h"
#include "inspect.h"

static int inspect(const char *path, bool json)
{
    struct pool_options options = {.n_workers = 1, .model = -1, .wall_ms = EXAMINER_WALL_MS};
    struct pool *pool = NULL;
    struct evidence e = {.exam = EXAM_NOT_DONE};
    struct err err = {0};
    struct arena a;
    int code = EXIT_APPROVED;
    arena_init(&a, EVIDENCE_BYTES);
    enum status st = pool_open(&options, &pool, &err);
    if (st == STATUS_OK) {
        st = examine_file(pool, path, &a, &e, &err);
    }
    if (st != STATUS_OK) {
        code = cli_fail(st, &err);
    } else if (json && !inspect_json(&e)) {
        code = EXIT_ENVIRONMENT;
    } else {
        if (!json) {
            inspect_words(&e);
        }
        code = e.exam == EXAM_DONE ? EXIT_APPROVED : EXIT_REFUSED;
    }
    pool_close(pool);
    arena_release(&a);
    return code;
}

int cmd_inspect(const struct cli *cli, int argc, char **argv)
{
    bool json = false, carriers = false;
    const struct cli_option options[] = {{"json", NULL, &json}, {"carriers", NULL, &carriers}};
    char **operands;
    int n, code;
    (void)cli;
    if (!cli_options("inspect", options, 2, argc, argv, &operands, &n, &code)) {
        return code;
    }
    if (carriers && n == 0) {
        return inspect_carriers(json) ? EXIT_APPROVED : EXIT_ENVIRONMENT;
    }
    if (carriers || n != 1) {
        return cli_usage("inspect", "name one photo, or say --carriers");
    }
    return inspect(operands[0], json);
}
