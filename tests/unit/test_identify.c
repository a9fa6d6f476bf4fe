/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "photogate/photo.h"

#define ROW(kind, literal)                                                                         \
    {                                                                                              \
        kind, literal, sizeof(literal) - 1                                                         \
    }

struct row {
    enum file_kind kind;
    const char *at;
    size_t n;
};

static const struct row ROWS[] = {
    ROW(FILE_EMPTY, ""),
    ROW(FILE_JPEG, "\xFF\xD8\xFF\xE0\0\x10JFIF"),
    ROW(FILE_PNG, "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
    ROW(FILE_HEIF, "\0\0\0\x18"
                   "ftypheic\0\0\0\0mif1heic"),
    ROW(FILE_HEIF, "\0\0\0\x18"
                   "ftypmif1\0\0\0\0mif1heic"),
    ROW(FILE_AVIF, "\0\0\0\x18"
                   "ftypavif\0\0\0\0mif1miaf"),
    ROW(FILE_AVIF, "\0\0\0\x18"
                   "ftypmif1\0\0\0\0mif1avif"),
    ROW(FILE_RAW, "\0\0\0\x18"
                  "ftypcrx \0\0\0\1crx isom"),
    ROW(FILE_VIDEO, "\0\0\0\x14"
                    "ftypisom\0\0\2\0mp41"),
    ROW(FILE_VIDEO, "\0\0\0\x14"
                    "ftypqt  \0\0\2\0qt  "),
    ROW(FILE_AUDIO, "\0\0\0\x14"
                    "ftypM4A \0\0\2\0M4A "),
    ROW(FILE_VIDEO, "\x1A\x45\xDF\xA3\x9F\x42\x86\x81\1"),
    ROW(FILE_VIDEO, "RIFF\0\0\0\0AVI LIST"),
    ROW(FILE_AUDIO, "RIFF\0\0\0\0WAVEfmt "),
    ROW(FILE_WEBP, "RIFF\0\0\0\0WEBPVP8 "),
    ROW(FILE_OTHER, "RIFF\0\0\0\0PALdata "),
    ROW(FILE_AUDIO, "ID3\4\0\0\0\0\0\0"),
    ROW(FILE_AUDIO, "\xFF\xFB\x90\x64\0\0\0"),
    ROW(FILE_GIF, "GIF89a\1\0\1\0"),
    ROW(FILE_BMP, "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    ROW(FILE_PSD, "8BPS\0\1\0\0"),
    ROW(FILE_TIFF, "II*\0\x08\0\0\0\1\0\0\1\3\0\1\0\0\0\x10\0\0\0\0\0\0\0"),
    ROW(FILE_TIFF, "MM\0*\0\0\0\x08\0\0\0\0\0\0"),
    ROW(FILE_TIFF, "II*\0\xFF\xFF\xFF\xFF\0\0"),
    ROW(FILE_RAW, "II*\0\x10\0\0\0CR\2\0\0\0\0\0"),
    /* DNG: tag 0xC612 */
    ROW(FILE_RAW, "II*\0\x08\0\0\0\1\0\x12\xC6\1\0\4\0\0\0\1\4\0\0\0\0\0\0"),
    /* NEF: a reduced picture and SubIFDs, big-endian */
    ROW(FILE_RAW, "MM\0*\0\0\0\x08\0\2\0\xFE\0\4\0\0\0\1\0\0\0\1\1\x4A\0\4\0\0\0\2\0\0\1\0"),
    ROW(FILE_RAW, "FUJIFILMCCD-RAW 0201"),
    ROW(FILE_RAW, "IIRO\x08\0\0\0"),
    ROW(FILE_RAW, "IIU\0\x18\0\0\0"),
    ROW(FILE_PDF, "%PDF-1.7\n"),
    ROW(FILE_SVG, "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ROW(FILE_SVG, "\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- x --><svg/>"),
    ROW(FILE_OTHER, "<html><body>"),
    ROW(FILE_OFFICE,
        "PK\3\4\x14\0\6\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml"),
    ROW(FILE_OFFICE, "PK\3\4\x14\0\0\0\0\0\0\0!"
                     "\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0mimetypeapplication/vnd.oasis"),
    ROW(FILE_ARCHIVE, "PK\3\4\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.jpg"),
    ROW(FILE_OFFICE, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
    ROW(FILE_ARCHIVE, "Rar!\x1A\x07\1\0"),
    ROW(FILE_ARCHIVE, "7z\xBC\xAF\x27\x1C"),
    ROW(FILE_ARCHIVE, "\x1F\x8B\x08\0"),
    ROW(FILE_OTHER, "filename,people\n"),
    ROW(FILE_OTHER, "\xFF"),
    ROW(FILE_OTHER, "\0"),
};

static void each_kind_is_known_by_its_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        enum file_kind got = file_identify((struct bytes){(const uint8_t *)ROWS[i].at, ROWS[i].n});
        if (got != ROWS[i].kind) {
            fail_msg("row %zu: %s, not %s", i, file_kind_words(got), file_kind_words(ROWS[i].kind));
        }
    }
}

/* Each head in memory of exactly its length, at every length: a byte too far shows under the
 * sanitizer. */
static void no_head_is_too_short(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        for (size_t n = 1; n <= ROWS[i].n; n++) {
            uint8_t *copy = test_malloc(n);
            memcpy(copy, ROWS[i].at, n);
            assert_true(file_identify((struct bytes){copy, n}) < N_FILE_KINDS);
            test_free(copy);
        }
    }
}

static void only_what_can_be_decoded_is_releasable(void **state)
{
    (void)state;
    for (int k = 0; k < N_FILE_KINDS; k++) {
        assert_int_equal(file_kind_is_releasable((enum file_kind)k),
                         k == FILE_JPEG || k == FILE_PNG || k == FILE_HEIF || k == FILE_AVIF ||
                             k == FILE_WEBP || k == FILE_TIFF || k == FILE_GIF);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_known_by_its_content),
        cmocka_unit_test(no_head_is_too_short),
        cmocka_unit_test(only_what_can_be_decoded_is_releasable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
