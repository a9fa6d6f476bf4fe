/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new school's folder. Every file is written by somebody who will not read a manual first:
 * comments say what it is for. */
#include "photogate/checkpoint.h"
#include "photogate/home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "photogate/limits.h"

static const char CONFIGURATION[] =
    "# The school's settings for photogate. Lines that start with '#' are comments.\n"
    "# Check a change with:  photogate --home THIS-FOLDER policy check\n"
    "\n"
    "[school]\n"
    "name = %s\n"
    "# Shown to the office in every report: whom to ask about a case.\n"
    "dpo_contact = the data protection officer\n"
    "\n"
    "[policy]\n"
    "# The policy profile in force: safe-default, one of five schools' (README.md names them), or "
    "one of your own\n"
    "# (NAME for policies/NAME.ini). 'photogate policy show' prints what it says.\n"
    "profile = safe-default\n"
    "# A setting below that lets more out than the safe default needs somebody to answer for it.\n"
    "#approved_by = Mrs A. Example, head teacher\n"
    "#approved_on = 2026-09-01\n"
    "\n"
    "[run]\n"
    "# Where photos go when 'photogate run' is not told: website, social_media, press or "
    "displays.\n"
    "channel = website\n"
    "# Examiner processes at once; 0 = as many as the computer has cores.\n"
    "jobs = 0\n"
    "\n"
    "# Who may settle what a rule leaves to a person: accounts of this computer, separated by "
    "commas.\n"
    "# A role that nobody has is a role in which nothing can be done (photogate clear, sign-off).\n"
    "[roles]\n"
    "#office = \n"
    "#senior = \n"
    "#head = \n"
    "#dpo = \n"
    "\n"
    "[faces]\n"
    "# The YuNet face model (get it once with scripts/fetch-face-model). Empty = look in the "
    "system's places;\n"
    "# without it Debian's cascades stand in, and photos of people need a people_count in "
    "photos.csv.\n"
    "model =\n"
    "\n"
    "# The school's own contact points: the only ones a caption may carry. Separate several by "
    "commas.\n"
    "[contacts]\n"
    "#phones = 01632 960441\n"
    "#emails = office@school.example\n"
    "#links = school.example\n"
    "#handles = @OurSchool\n"
    "#houses = Fisher, Wren\n"
    "\n"
    "# Whose photos the school may publish without asking: creators and copyright holders found "
    "inside a photo.\n"
    "[metadata]\n"
    "#own_rights = Our School, The Office\n"
    "\n"
    "# Headings of the school's own export, where they differ from the template (several separated "
    "by '|').\n"
    "# Consent columns are never guessed.\n"
    "[import]\n"
    "#photo_website = Photo consent: website\n";

struct init_folder {
    const char *name;
    unsigned mode;
};

static const struct init_folder FOLDERS[] = {
    {"approved", 0750}, {"reports", 0750},  {"staging", 0700},
    {"words", 0700},    {"policies", 0700}, {"templates", 0700},
};

static const char *const TEMPLATES[] = {"pupils.csv", "staff.csv", "photos.csv"};

static bool folder_is_empty(int fd)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    if (!d) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return false;
    }
    bool empty = true;
    for (const struct dirent *e = readdir(d); e && empty; e = readdir(d)) {
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    }
    (void)closedir(d);
    return empty;
}

static enum status copy_templates(int home, struct err *err)
{
    struct home_places places;
    home_places(NULL, &places);
    /* templates/ stands beside policies/ in the installed data. */
    int data = open(places.profiles[0], O_PATH | O_DIRECTORY | O_CLOEXEC);
    int from = data < 0 ? -1 : openat(data, "../templates", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int to = -1;
    enum status st = STATUS_OK;
    if (from < 0) {
        st = err_set(err, STATUS_IO, "the CSV templates of the installation are missing: %s",
                     strerror(errno));
    } else {
        st = folder_open(home, "templates", 0700, &to, err);
    }
    for (size_t i = 0; st == STATUS_OK && i < sizeof TEMPLATES / sizeof TEMPLATES[0]; i++) {
        struct buffer b;
        buffer_init(&b, MAX_FIELD_BYTES * 16);
        st = file_read(from, TEMPLATES[i], b.max, &b, err);
        if (st == STATUS_OK) {
            st = file_replace(to, TEMPLATES[i], buffer_view(&b), 0600, err);
        }
        buffer_release(&b);
    }
    if (to >= 0) {
        (void)close(to);
    }
    if (from >= 0) {
        (void)close(from);
    }
    if (data >= 0) {
        (void)close(data);
    }
    return st;
}

static enum status write_configuration(int home, const char *school_name, struct err *err)
{
    struct buffer b;
    buffer_init(&b, MAX_POLICY_BYTES);
    struct text whole = text_of(CONFIGURATION);
    const char *mark = strstr(whole.at, "%s");
    buffer_add(&b, whole.at, (size_t)(mark - whole.at));
    text_print(&b, text_of(school_name));
    buffer_add_cstr(&b, mark + 2);
    enum status st = buffer_status(&b, err);
    if (st == STATUS_OK) {
        st = file_replace(home, "photogate.conf", buffer_view(&b), 0600, err);
    }
    buffer_release(&b);
    return st;
}

/* The ledger's first entry: whose it is, which program began it, and which key signs for it. */
static enum status found_ledger(const struct home *h, const char *school_name, struct err *err)
{
    struct ledger *l = NULL;
    char key[CHECKPOINT_PUBLIC_BYTES];
    enum status st = checkpoint_key_make(h->fd, err);
    st = st == STATUS_OK ? checkpoint_public(h->fd, key, err) : st;
    st = st == STATUS_OK ? ledger_open(h->path, LEDGER_CREATE, &l, err) : st;
    if (st != STATUS_OK) {
        return st;
    }
    char now[TIME_TEXT_BYTES];
    time_now(now);
    json_t *body = json_pack("{s:s, s:s, s:s}", "school", school_name, "program",
                             "photogate " PHOTOGATE_VERSION, "checkpoint_key", key);
    int64_t seq = 0;
    st = body ? ledger_begin(l, err)
              : err_set(err, STATUS_FORMAT, "the school's name is not UTF-8 text");
    if (st == STATUS_OK) {
        st = ledger_append(l, ENTRY_FOUNDED, now, body, &seq, err);
        st = st == STATUS_OK ? ledger_commit(l, err) : st;
    }
    json_decref(body);
    ledger_close(l);
    return st;
}

enum status home_init(const char *path, const char *school_name, struct err *err)
{
    bool made = mkdir(path, 0700) == 0;
    struct home h = {.fd = -1};
    if ((!made && errno != EEXIST) || !realpath(path, h.path)) {
        return err_set(err, STATUS_IO, "%s: cannot be made: %s", path, strerror(errno));
    }
    h.fd = open(h.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status st = STATUS_OK;
    if (h.fd < 0) {
        st = err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
    } else if (!folder_is_empty(h.fd)) {
        st = err_set(err, STATUS_USAGE, "%s is not empty; name a new folder", path);
    } else if (made && fchmod(h.fd, 0700) != 0) {
        st = err_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
    }
    for (size_t i = 0; st == STATUS_OK && i < sizeof FOLDERS / sizeof FOLDERS[0]; i++) {
        int fd = -1;
        st = folder_open(h.fd, FOLDERS[i].name, FOLDERS[i].mode, &fd, err);
        if (st == STATUS_OK) {
            (void)close(fd);
        }
    }
    if (st == STATUS_OK) {
        st = copy_templates(h.fd, err);
    }
    char file[MAX_PATH_BYTES];
    struct register_db *people = NULL;
    if (st == STATUS_OK) {
        st = home_path(&h, "register.db", file, sizeof file)
                 ? register_open(file, REGISTER_CREATE, &people, err)
                 : err_set(err, STATUS_LIMIT, "the path of the school's folder is too long");
        register_close(people);
    }
    if (st == STATUS_OK) {
        st = found_ledger(&h, school_name, err);
    }
    if (st == STATUS_OK) { /* last: its presence makes this a school's folder */
        st = write_configuration(h.fd, school_name, err);
    }
    if (h.fd >= 0) {
        (void)close(h.fd);
    }
    return st;
}
