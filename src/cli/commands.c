/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands and their help: the table that main, --help and the manual page are held equal to by
 * a test. */
#include <string.h>

#include "cli.h"

static const struct command COMMANDS[] = {
    {"init", "FOLDER", "make a school's folder",
     "Makes FOLDER with a commented configuration (photogate.conf), an empty register and ledger, "
     "and\n"
     "CSV templates. The folder may exist if it is empty; nothing existing is overwritten.\n"
     "\n"
     "  --name NAME     the school's name, shown in reports\n",
     cmd_init},
    {"import", "FILE.csv...", "read pupils, staff and consents from the school's own export",
     "Reads exports of the school's information system (CSV: one row per pupil, one file for "
     "staff),\n"
     "shows what would change, and applies it in one transaction after asking.\n"
     "Nothing is applied if a file as a whole is not understood; rows that are not are listed.\n"
     "\n"
     "  --yes           apply without asking\n"
     "  --dry-run       show what would change, apply nothing\n"
     "  --partial       the files hold only some of the school: nobody missing from them has left\n"
     "  --full          everybody missing has left, even if that is more than a quarter of the "
     "school\n"
     "  --date DATE     day of the import (default: today); YYYY-MM-DD\n",
     cmd_import},
    {"run", "PHOTOS", "take a folder of photos through the gate",
     "Judges every photo in PHOTOS (and its sub-folders). Approved photos are written anew, with "
     "nothing\n"
     "in them but the picture, into approved/BATCH of the school's folder; reports go to "
     "reports/BATCH.\n"
     "The originals stay as they are. Running again on the same folder changes nothing that has "
     "not changed.\n"
     "\n"
     "  --channel C     where the photos shall go: website, social_media, press, displays ...\n"
     "  --batch NAME    name of the batch (default: made from the folder's name)\n"
     "  --date DATE     with --dry-run: rule as of this day; YYYY-MM-DD\n"
     "  --jobs N        examiner processes at once (default: as configured, else the cores)\n"
     "  --dry-run       judge and tell, write nothing\n"
     "  --quiet         print nothing unless something needs a person\n"
     "  --json          print the run's result as JSON\n",
     cmd_run},
    {"explain", "CASE | PHOTO", "the whole reasoning for one photo",
     "CASE is a number from a report: tells from the ledger what was decided and on which rules, "
     "people and\n"
     "consents. PHOTO is a file: it is examined and judged now, and nothing is written.\n"
     "Names pupils: for the data protection officer's eyes.\n"
     "\n"
     "  --channel C     (PHOTO) where the photo shall go\n"
     "  --date DATE     (PHOTO) rule as of this day\n",
     cmd_explain},
    {"inspect", "PHOTO | --carriers", "what a photo gives away",
     "Tells in plain words what a photo carries beside the picture: where and when it was taken, "
     "by which\n"
     "camera, names, texts, and what is hidden behind it. The photo is read by a confined examiner "
     "and\n"
     "stays as it is; no school's folder is needed. Exit code 1: it could not be looked at whole.\n"
     "\n"
     "  --json          for machines\n"
     "  --carriers      every place in a JPEG or PNG where something can stand, and what becomes "
     "of it\n",
     cmd_inspect},
    {"check-caption", "TEXT | -", "judge a caption before it is posted",
     "Judges a text as the caption of a photo: a caption in quotes, a file (--file), or standard "
     "input ('-'),\n"
     "one caption a line.\n"
     "Exit code 0: allowed; 1: stopped or to be looked at; 2: usage.\n"
     "\n"
     "  --json          {\"verdict\": allow|review|block, \"findings\": [{rule, verdict, start, "
     "end, kind, fix}]}\n"
     "  --text-only     the text goes out without a photo\n"
     "  --file FILE     read captions from a file\n"
     "  --lines         read standard input; one JSON object for each line\n",
     cmd_check_caption},
    {"verify", "", "check the ledger and the approved photos",
     "Reads the whole ledger and checks its chain of digests, then every photo in approved/ "
     "against it.\n"
     "scripts/ledger_verify.py checks the same with nothing of photogate's.\n"
     "\n"
     "  --json          print the result as JSON\n",
     cmd_verify},
    {"rules", "", "list the rules a photo is judged by",
     "Prints every rule: code, what it stops, what it means (held or rejected), the clause it "
     "serves,\n"
     "and what to do.\n"
     "\n"
     "  --markdown      as a table for a document\n"
     "  --json          for machines\n",
     cmd_rules},
    {"policy", "check | show", "check or print the policy in force",
     "check   reads photogate.conf, the policy profile and the word lists, and tells what is wrong "
     "with\n"
     "        file and line, or that all is well\n"
     "show    prints what the policy in force says\n",
     cmd_policy},
};

const struct command *commands_all(size_t *n)
{
    *n = sizeof COMMANDS / sizeof COMMANDS[0];
    return COMMANDS;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(COMMANDS[i].name, name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

void command_help(const struct command *c)
{
    printf("usage: photogate [--home FOLDER] %s%s%s\n\n%s", c->name, c->arguments[0] ? " " : "",
           c->arguments, c->help);
}
