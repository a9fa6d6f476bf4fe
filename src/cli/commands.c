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
     "  --request REF   the request this batch answers, where the policy wants one; names nobody\n"
     "  --date DATE     with --dry-run: rule as of this day; YYYY-MM-DD\n"
     "  --jobs N        examiner processes at once (default: as configured, else the cores)\n"
     "  --dry-run       judge and tell, write nothing\n"
     "  --quiet         print nothing unless something new needs a person\n"
     "  --json          print the run's result as JSON\n",
     cmd_run},
    {"explain", "CASE | PHOTO | BATCH/PHOTO", "the whole reasoning for one photo",
     "CASE is a number from a report: tells from the ledger what was decided and on which rules, "
     "people and\n"
     "consents. PHOTO is a file: it is examined and judged now, and nothing is written. "
     "BATCH/photo-0001.jpg\n"
     "is an approved photo: who is in it, why it was recalled, where it was published.\n"
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
     "  --carriers      every place in a photo where something can stand, and what becomes of it\n",
     cmd_inspect},
    {"faces", "--check | PHOTO...", "what looks for faces, and what it finds in a photo",
     "--check tells which face detector is in force: the model's file and SHA-256, how sure it is, "
     "the\n"
     "setting (people.face_search of the policy), what to expect of it, and how to install a "
     "better "
     "one.\n"
     "PHOTO... tells how many faces are found and where; nobody is recognised. No school's folder "
     "is needed.\n"
     "Exit code 0: the better detector; all looked at. 1: the stand-in only; a photo could not be "
     "looked at.\n"
     "\n"
     "  --check         tell which detector is in force\n"
     "  --search S      strict or fast, whatever the policy says\n"
     "  --json          for machines\n",
     cmd_faces},
    {"check-caption", "TEXT | -", "judge a caption before it is posted",
     "Judges a text as the caption of a photo: a caption in quotes, a file (--file), or standard "
     "input ('-'),\n"
     "one caption a line.\n"
     "Exit code 0: allowed; 1: stopped or to be looked at; 2: usage.\n"
     "\n"
     "  --json          {\"verdict\": allow|review|block, \"findings\": [{rule, verdict, start, "
     "end, kind, fix}]}\n"
     "  --text-only     the text goes out without a photo\n"
     "  --file FILE     read captions from a file, one a line; a file whose name ends in .csv is "
     "read as posts:\n"
     "                  its first row are headings, and the fields of a row are judged each alone "
     "and together\n"
     "                  (caption, text, title, headline, description, alt text, batch text, event, "
     "credit,\n"
     "                  photographer, file name, folder; other columns are passed over)\n"
     "  --lines         read standard input; one JSON object for each line\n",
     cmd_check_caption},
    {"look-for", "CLASS... | LIST.csv... | all", "who may not be shown, for whoever picks photos",
     "Makes the sheet of pupils of a class or year, or of a trip (a file with one pupil a line), "
     "who may\n"
     "not be shown: by class and name, for each channel, without reasons. It is written to "
     "look-for/ of\n"
     "the school's folder, to print and as CSV; the ledger records who had it made. It names "
     "children.\n"
     "\n"
     "  --channel C     for this channel only (default: each of the school's own)\n"
     "  --date DATE     as of this day (default: today)\n"
     "  --staff         members of staff too, in a table of their own (default: pupils only)\n"
     "  --csv           print the CSV, write no file\n",
     cmd_look_for},
    {"consent", "PUPIL | --class C | --missing | --expiring DAYS | --changed-since DAY",
     "who agreed to what, on which evidence",
     "Answers from the register: what stands for each purpose, since when, and on which event it "
     "rests\n"
     "(import file, row and SHA-256, notice, giver, method). PUPIL is a UPN, an admission number "
     "or "
     "a name.\n"
     "It names pupils: for the data protection officer's eyes.\n"
     "\n"
     "  --as-at DAY          what was on record on that day; YYYY-MM-DD (default: today)\n"
     "  --class C            everybody of a class or year; alone, or with a question below\n"
     "  --missing            purposes without an answer that counts: nothing said, asked, unclear, "
     "lapsed\n"
     "  --expiring DAYS      consents that lapse within so many days\n"
     "  --changed-since DAY  what was recorded after that day, or after import number DAY\n"
     "  --channel C          only what that channel needs\n"
     "  --csv                for a spreadsheet\n"
     "  --json               for machines\n",
     cmd_consent},
    {"sign-off", "BATCH", "a second person looks, then photos go out",
     "Where the policy asks for a second person, what passes every rule waits in awaiting/BATCH. "
     "Shows\n"
     "those photos and the checklist, asks each point, and only then moves them to approved/BATCH. "
     "For the\n"
     "roles senior, head and dpo of photogate.conf; who handed the photos in does not sign them "
     "off.\n"
     "It names pupils: who is listed is compared with who is in the photo.\n"
     "\n"
     "  --list          show what waits, sign nothing (without BATCH: the batches)\n"
     "  --confirm LIST  confirm the points without being asked: all, or each by its name\n"
     "  --not FILES     turn these down (photo-0001.jpg,photo-0002.jpg); needs --reason\n"
     "  --reason TEXT   why, in one line that names nobody; goes into the ledger\n"
     "  --alone         sign what you handed in, where the policy says if-possible; needs "
     "--reason\n"
     "  --as ROLE       the role to act in\n",
     cmd_sign_off},
    {"recall", "", "take out approved photos that may no longer be shown",
     "Judges again who is in each approved photo, of every batch, by today's register and policy: "
     "consent\n"
     "withdrawn or lapsed, protection, leavers, a channel that was closed, somebody who was "
     "erased. "
     "What may\n"
     "no longer stand leaves approved/ for recalled/, and captions.csv and SHA256SUMS are written "
     "without it.\n"
     "Each run does the same at its start. Exit code 1: something was recalled.\n"
     "\n"
     "  --batch NAME    look at this batch only\n"
     "  --dry-run       tell, write nothing\n"
     "  --reasons       tell why; it names pupils: for the data protection officer's eyes\n"
     "  --json          for machines\n",
     cmd_recall},
    {"published", "BATCH/PHOTO... --at URL | --list | --open",
     "record where approved photos were published",
     "Records in the ledger that somebody put approved photos on a page, so that it is known where "
     "they have\n"
     "to come down once they are recalled. The address is kept for good and must name nobody.\n"
     "\n"
     "  --at URL        the page: http:// or https://\n"
     "  --on DATE       since when (default: today); YYYY-MM-DD\n"
     "  --list          everything recorded\n"
     "  --open          what was recalled and still is published, and by when it must be gone; "
     "exit "
     "code 1\n"
     "                  while there is any\n"
     "  --json          (--list, --open) for machines\n",
     cmd_published},
    {"taken-down", "BATCH/PHOTO", "record that a published photo is gone",
     "Records in the ledger that a photo is no longer where it was published, and stops the clock "
     "of its\n"
     "recall.\n"
     "\n"
     "  --at URL        from this page only (default: from all that are recorded)\n"
     "  --reason TEXT   a word about it, in one line that names nobody; goes into the ledger\n",
     cmd_taken_down},
    {"clear", "CASE", "settle a held photo after a look, or destroy one",
     "Records that a person in the role a rule names looked at a held photo and lets it pass. The "
     "next run\n"
     "of its folder publishes it, if nothing about it has changed. A rejected photo is never "
     "cleared, and\n"
     "nobody clears what they handed in.\n"
     "\n"
     "  --reason TEXT   why, in one line that names nobody; goes into the ledger\n"
     "  --as ROLE       the role to act in: senior, head, dpo\n"
     "  --dry-run       show what would be cleared, record nothing\n"
     "  --list          the held cases that can be cleared, and who still has to\n"
     "  --destroy       delete the original of CASE at once, and keep only its digest: it cannot "
     "come back\n"
     "  --photo PATH    (--destroy) the original; must be the photo of that case\n"
     "  --yes           (--destroy) do not ask\n",
     cmd_clear},
    {"subject", "PUPIL export | PUPIL erase", "answer a person's request: a copy, or erasure",
     "export  writes everything held on the person into a folder: subject.html to print, "
     "subject.json, and\n"
     "        for each entry of the ledger a proof that shows nothing of the others. Other people "
     "are left\n"
     "        out and counted. The ledger records that a copy was made.\n"
     "erase   shows what goes and what stays and why, asks, and deletes the person from the "
     "register. The\n"
     "        ledger stays whole: its code for them is nobody's from then on.\n"
     "PUPIL is a UPN, an admission number or a name; staff of the register too. It names people.\n"
     "\n"
     "  --output FOLDER      (export) write there (default: subject-access/ of the school's "
     "folder)\n"
     "  --reason TEXT        (erase) why, in one line that names nobody; goes into the ledger\n"
     "  --also-photos        (erase) take out the approved and waiting photos they are in\n"
     "  --also-reports       (erase) delete the reports that name them\n"
     "  --forget-protection  (erase) even if the register says that they may not be shown\n"
     "  --yes                (erase) do not ask\n",
     cmd_subject},
    {"purge", "", "delete what has been kept as long as the policy says",
     "Lists what is older than the policy's [retention] allows: leavers, approved, recalled and "
     "set-aside\n"
     "photos, look-for sheets, reports, copies for people. Nothing is deleted without --yes. "
     "Originals are\n"
     "never touched. Approved photos leave with an entry in the ledger, so 'photogate verify' "
     "still holds.\n"
     "\n"
     "  --yes           delete it\n"
     "  --date DATE     without --yes: what will be due by that day; YYYY-MM-DD\n"
     "  --json          for machines\n",
     cmd_purge},
    {"inventory", "", "what personal data is kept where, and until when",
     "Tells for each part of the school's folder what it holds, how many, how large, since when, "
     "and when\n"
     "the policy's [retention] takes it.\n"
     "\n"
     "  --json          for machines\n",
     cmd_inventory},
    {"verify", "", "check the ledger and the approved photos",
     "Reads the whole ledger and checks its chain of digests, then every photo in approved/ "
     "against it.\n"
     "scripts/ledger_verify.py checks the same with nothing of photogate's.\n"
     "\n"
     "  --checkpoint FILE  is it still the ledger that this checkpoint was signed for?\n"
     "  --key VKEY         the verifier key kept with it (default: the school's own)\n"
     "  --json             print the result as JSON\n",
     cmd_verify},
    {"checkpoint", "", "sign for the ledger as it is now",
     "Prints a signed statement of how many entries the ledger has and what they are (a C2SP "
     "signed "
     "note).\n"
     "Keep it elsewhere, with the verifier key: 'photogate verify --checkpoint FILE' then tells a "
     "ledger whose\n"
     "end was cut off, or that was made anew. Each run writes one beside the DPO's report.\n"
     "\n"
     "  --key           print the verifier key instead\n",
     cmd_checkpoint},
    {"rules", "", "list the rules a photo is judged by",
     "Prints every rule: code, what it stops, what it means (held or rejected), the clause it "
     "serves,\n"
     "and what to do.\n"
     "\n"
     "  --markdown      as a table for a document\n"
     "  --json          for machines\n",
     cmd_rules},
    {"policy", "check | show [PROFILE] | diff [PROFILE [PROFILE]]",
     "check, print or compare policies",
     "check   reads photogate.conf, the policy profile and the word lists, and tells what is wrong "
     "with\n"
     "        file and line, or that all is well\n"
     "show    prints every setting in force, the file and line that says it, and the clause it "
     "rests on;\n"
     "        of PROFILE as it is, without photogate.conf, if one is named\n"
     "diff    prints what the policy in force says differently from the safe default, or from "
     "PROFILE, or\n"
     "        what the second PROFILE says differently from the first, and whether it is looser or "
     "stricter\n"
     "\n"
     "  --json          (show, diff) for machines\n",
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
