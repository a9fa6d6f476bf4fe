/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/jpeg_cover.h"

#include <string.h>

#include "image/redact.h"

static uint32_t divide_up(uint32_t n, uint32_t by)
{
    return (n + by - 1) / by;
}

/* One component's blocks of some MCUs. Blocks beyond the picture's last are not written (T.81,
 * A.2.4: libjpeg makes them up), so they need no covering. */
static void clear_blocks(const struct cover_blocks *w, int c, uint32_t most_h, uint32_t most_v,
                         const struct area *mcus)
{
    const jpeg_component_info *info = &w->components[c];
    uint32_t h = (uint32_t)info->h_samp_factor, v = (uint32_t)info->v_samp_factor;
    uint32_t columns = divide_up(w->width_px * h, most_h * DCTSIZE);
    uint32_t rows = divide_up(w->height_px * v, most_v * DCTSIZE);
    uint32_t right = mcus->right * h < columns ? mcus->right * h : columns;
    uint32_t bottom = mcus->bottom * v < rows ? mcus->bottom * v : rows;
    for (uint32_t y = mcus->top * v; y < bottom; y++) {
        JBLOCKARRAY row = (*w->owner->mem->access_virt_barray)(w->owner, w->blocks[c], y, 1, TRUE);
        for (uint32_t x = mcus->left * h; x < right; x++) {
            memset(row[0][x], 0, sizeof row[0][x]);
        }
    }
}

static void most_factors(const struct cover_blocks *w, uint32_t *h, uint32_t *v)
{
    *h = *v = 1;
    for (int c = 0; c < w->n_components; c++) {
        uint32_t ch = (uint32_t)w->components[c].h_samp_factor;
        uint32_t cv = (uint32_t)w->components[c].v_samp_factor;
        *h = ch > *h ? ch : *h;
        *v = cv > *v ? cv : *v;
    }
}

void jpeg_cover_blocks(const struct cover_blocks *w, const struct cover *cover)
{
    uint32_t h, v;
    most_factors(w, &h, &v);
    uint32_t step_x = h * DCTSIZE, step_y = v * DCTSIZE;
    for (size_t i = 0; i < cover->n; i++) {
        struct area exact =
            area_of_box(&cover->boxes[i], w->whole_width_px, w->whole_height_px,
                        w->whole_width_px - w->width_px, w->whole_height_px - w->height_px);
        if (area_is_empty(&exact)) {
            continue;
        }
        struct area a = area_on_grid(&exact, step_x, step_y, w->width_px, w->height_px);
        struct area mcus = {a.left / step_x, a.top / step_y, divide_up(a.right, step_x),
                            divide_up(a.bottom, step_y)};
        for (int c = 0; c < w->n_components; c++) {
            clear_blocks(w, c, h, v, &mcus);
        }
    }
}
