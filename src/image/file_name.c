/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/file_name.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum status file_name_fold(struct text name, struct arena *a, struct text *out, struct err *err)
{
    enum { MOST = 1024 };
    UChar wide[MOST], composed[MOST], folded[MOST];
    char narrow[4 * MOST];
    int32_t n = 0;
    UErrorCode code = name.n < MOST ? U_ZERO_ERROR : U_BUFFER_OVERFLOW_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    (void)u_strFromUTF8(wide, MOST, &n, name.at, (int32_t)name.n, &code);
    if (U_SUCCESS(code)) {
        n = u_strFoldCase(folded, MOST, wide, n, U_FOLD_CASE_DEFAULT, &code);
    }
    if (U_SUCCESS(code)) {
        n = unorm2_normalize(nfc, folded, n, composed, MOST, &code);
    }
    if (U_SUCCESS(code)) {
        (void)u_strToUTF8(narrow, sizeof narrow, &n, composed, n, &code);
    }
    bool ok = U_SUCCESS(code) ? arena_dup(a, (struct text){narrow, (size_t)n}, out)
                              : arena_dup(a, name, out);
    return ok ? STATUS_OK : err_set(err, STATUS_NOMEM, "out of memory for a file's name");
}
