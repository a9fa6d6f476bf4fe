/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_same.h"

#include <string.h>

_Noreturn static void differs(struct jpeg_session *s)
{
    jpeg_session_fail(s, STATUS_BUG, "the release is not the same picture");
}

static void same_component(struct jpeg_session *s, const struct jpeg_coefficients *meant,
                           const struct jpeg_coefficients *found, int c)
{
    const jpeg_component_info *a = &meant->components[c], *b = &found->components[c];
    const JQUANT_TBL *p = meant->tables[a->quant_tbl_no], *q = found->tables[b->quant_tbl_no];
    if (!p || !q) {
        jpeg_session_fail(s, STATUS_FORMAT, "a quantisation table is missing");
    }
    if (a->h_samp_factor != b->h_samp_factor || a->v_samp_factor != b->v_samp_factor ||
        a->width_in_blocks != b->width_in_blocks || a->height_in_blocks != b->height_in_blocks ||
        memcmp(p->quantval, q->quantval, sizeof p->quantval) != 0) {
        differs(s);
    }
    /* Whose array it is does not matter: all of it is in memory. */
    j_common_ptr owner = (j_common_ptr)&s->in;
    for (JDIMENSION y = 0; y < a->height_in_blocks; y++) {
        JBLOCKARRAY x = (*owner->mem->access_virt_barray)(owner, meant->blocks[c], y, 1, FALSE);
        JBLOCKARRAY z = (*owner->mem->access_virt_barray)(owner, found->blocks[c], y, 1, FALSE);
        if (memcmp(x[0], z[0], a->width_in_blocks * sizeof(JBLOCK)) != 0) {
            differs(s);
        }
    }
}

void jpeg_same_or_fail(struct jpeg_session *s, const struct jpeg_coefficients *meant,
                       const struct jpeg_coefficients *found)
{
    if (meant->width_px != found->width_px || meant->height_px != found->height_px ||
        meant->space != found->space || meant->n_components != found->n_components) {
        differs(s);
    }
    for (int c = 0; c < meant->n_components; c++) {
        same_component(s, meant, found, c);
    }
}
