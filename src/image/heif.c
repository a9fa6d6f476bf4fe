/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HEIC, HEIF and AVIF: the first picture, as the file's own turns and crops show it. Gain maps,
 * depth maps, thumbnails and bursts are other items, and stay behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libheif/heif.h>

#include "image/foreign.h"
#include "image/heif_hevc.h"
#include "image/heif_walk.h"
#include "image/icc_make.h"
#include "photogate/limits.h"
#include "photogate/photo.h"

/* libheif counts edges; the pixels are counted here. */
enum { MAX_EDGE_PX = 32768, MAX_METADATA_ITEMS = 16, MAX_PICTURES = 16, OPAQUE = 255 };

struct heif {
    struct heif_context *context;      /* owned */
    struct heif_image_handle *picture; /* owned */
};

/* The library's words are fixed ones, but may name a box by the file's own letters. */
static enum status heif_failed(struct heif_error e, struct err *err)
{
    char words[160];
    size_t n = 0;
    for (const char *c = e.message ? e.message : ""; *c && n + 1 < sizeof words; c++) {
        words[n++] = *c >= ' ' && *c <= '~' ? *c : '?';
    }
    words[n] = '\0';
    if (e.subcode == heif_suberror_Security_limit_exceeded) {
        return err_set(err, STATUS_LIMIT, "%s", words);
    }
    switch (e.code) {
    case heif_error_Memory_allocation_error:
        return err_set(err, STATUS_NOMEM, "%s", words);
    case heif_error_Unsupported_feature:
    case heif_error_Unsupported_filetype:
        return err_set(err, STATUS_UNSUPPORTED, "%s", words);
    case heif_error_Ok:
    case heif_error_Input_does_not_exist:
    case heif_error_Invalid_input:
    case heif_error_Usage_error:
    case heif_error_Decoder_plugin_error:
    case heif_error_Encoder_plugin_error:
    case heif_error_Encoding_error:
    case heif_error_Color_profile_does_not_exist:
    case heif_error_Plugin_loading_error:
        break;
    }
    return err_set(err, STATUS_FORMAT, "%s", words);
}

static void heif_close(struct heif *h)
{
    heif_image_handle_release(h->picture);
    heif_context_free(h->context);
}

/* The walk comes first: what it finds wrong, the library is not handed. */
static enum status heif_open(struct bytes file, const struct heif_visitor *visitor,
                             struct heif_layout *layout, struct heif *out, struct err *err)
{
    struct heif h = {.context = NULL};
    enum status st = heif_walk(file, visitor, layout, err);
    if (st != STATUS_OK) {
        return st;
    }
    if (!layout->has_items) {
        return err_set(err, STATUS_UNSUPPORTED, "no single picture is in it");
    }
    h.context = heif_context_alloc();
    if (!h.context) {
        return err_set(err, STATUS_NOMEM, "no memory to read a HEIF");
    }
    heif_context_set_max_decoding_threads(h.context, 0);
    heif_context_set_maximum_image_size_limit(h.context, MAX_EDGE_PX);
    struct heif_error e =
        heif_context_read_from_memory_without_copy(h.context, file.at, file.n, NULL);
    if (e.code == heif_error_Ok) {
        e = heif_context_get_primary_image_handle(h.context, &h.picture);
    }
    if (e.code != heif_error_Ok) {
        st = heif_failed(e, err);
        heif_close(&h);
        return st;
    }
    *out = h;
    return STATUS_OK;
}

/* --- what it carries --- */

static enum status use_exif(struct gathering *g, struct bytes item, struct err *err)
{
    /* ISO/IEC 23008-12, A.2.1: where the TIFF header is, counted from behind this number. */
    size_t at = item.n >= 4 ? bytes_be32(item, 0) : SIZE_MAX;
    if (item.n < 4 || at > item.n - 4) {
        gather_carrier(g, CARRIER_EXIF, CARRIER_UNPARSABLE, item.n,
                       "EXIF that begins beyond its end");
        return STATUS_OK;
    }
    struct bytes tiff = bytes_slice(item, 4 + at, item.n);
    return exif_read(g, bytes_start_with(tiff, "Exif\0\0", 6) ? bytes_slice(tiff, 6, tiff.n) : tiff,
                     err);
}

static enum status use_item(const struct heif_image_handle *picture, heif_item_id id,
                            struct heif_layout *left, struct gathering *g, struct err *err)
{
    const char *type = heif_image_handle_get_metadata_type(picture, id);
    const char *form = heif_image_handle_get_metadata_content_type(picture, id);
    size_t n = heif_image_handle_get_metadata_size(picture, id);
    bool is_exif = strcmp(type, "Exif") == 0;
    bool is_xmp = strcmp(type, "mime") == 0 && form && strcmp(form, "application/rdf+xml") == 0;
    if (!is_exif && !is_xmp) {
        return STATUS_OK; /* counted by the walk, and left */
    }
    enum status st = STATUS_OK;
    uint8_t *at = malloc(n ? n : 1);
    if (!at) {
        return err_set(err, STATUS_NOMEM, "no memory for metadata");
    }
    struct heif_error e = heif_image_handle_get_metadata(picture, id, at);
    if (e.code != heif_error_Ok) {
        st = heif_failed(e, err);
    } else if (is_exif) {
        left->n_exif -= left->n_exif > 0;
        st = use_exif(g, (struct bytes){at, n}, err);
    } else {
        left->n_xmp -= left->n_xmp > 0;
        st = xmp_read(g, CARRIER_XMP, (struct bytes){at, n}, err);
    }
    free(at);
    return st;
}

static enum status use_items(const struct heif_image_handle *picture, struct heif_layout *left,
                             struct gathering *g, struct err *err)
{
    heif_item_id ids[MAX_METADATA_ITEMS];
    int n =
        heif_image_handle_get_list_of_metadata_block_IDs(picture, NULL, ids, MAX_METADATA_ITEMS);
    enum status st = STATUS_OK;
    for (int i = 0; i < n && st == STATUS_OK; i++) {
        st = use_item(picture, ids[i], left, g, err);
    }
    return st;
}

/* A gain map has an XMP packet of its own. */
static enum status use_auxiliaries(const struct heif_image_handle *picture,
                                   struct heif_layout *left, struct gathering *g, struct err *err)
{
    heif_item_id ids[MAX_PICTURES];
    int n = heif_image_handle_get_list_of_auxiliary_image_IDs(picture, 0, ids, MAX_PICTURES);
    enum status st = STATUS_OK;
    for (int i = 0; i < n && st == STATUS_OK; i++) {
        struct heif_image_handle *auxiliary = NULL;
        struct heif_error e =
            heif_image_handle_get_auxiliary_image_handle(picture, ids[i], &auxiliary);
        st = e.code == heif_error_Ok ? use_items(auxiliary, left, g, err) : heif_failed(e, err);
        heif_image_handle_release(auxiliary);
    }
    return st;
}

static enum status gather_metadata(const struct heif *h, struct heif_layout left,
                                   struct gathering *g, struct err *err)
{
    enum status st = use_items(h->picture, &left, g, err);
    if (st == STATUS_OK) {
        st = use_auxiliaries(h->picture, &left, g, err);
    }
    /* Of another picture in the file, or of a kind nobody reads: names may be in it. */
    if (left.n_exif) {
        gather_carrier(g, CARRIER_EXIF, CARRIER_NOT_READ, 0, "EXIF of another picture in the file");
    }
    if (left.n_xmp) {
        gather_carrier(g, CARRIER_XMP, CARRIER_NOT_READ, 0, "XMP of another picture in the file");
    }
    return st;
}

/* Names that programs give to every item of a kind. */
static bool is_stock_name(struct bytes name)
{
    static const char *const STOCK[] = {"Color", "Alpha", "Exif", "XMP", "GMap", "Image"};
    for (size_t i = 0; i < sizeof STOCK / sizeof STOCK[0]; i++) {
        if (text_equal_nocase((struct text){(const char *)name.at, name.n}, text_of(STOCK[i]))) {
            return true;
        }
    }
    return false;
}

/* ISO/IEC 23008-12, 6.5.20, udes: language, name, description, keywords; 6.5.21, altt: text,
 * language. Strings, each behind its NUL; of keywords a comma parts them, and as text they are
 * judged too. */
static enum status use_strings(struct gathering *g, enum carrier_id carrier, struct bytes strings,
                               struct err *err)
{
    enum { FULL_HEADER_BYTES = 4 };
    enum status st = STATUS_OK;
    gather_carrier(g, carrier, CARRIER_READ, strings.n, NULL);
    strings = bytes_slice(strings, FULL_HEADER_BYTES, strings.n);
    while (strings.n && st == STATUS_OK) {
        const uint8_t *nul = memchr(strings.at, 0, strings.n);
        size_t n = nul ? (size_t)(nul - strings.at) : strings.n;
        if (n) {
            st = foreign_text(g, carrier, bytes_slice(strings, 0, n), err);
        }
        strings = bytes_slice(strings, n + 1, strings.n);
    }
    return st;
}

/* A film in the file: whether it has sound is what a person wants to know (ISO/IEC 14496-12, 8.4.3,
 * a track's handler). */
static void note_film(struct gathering *g, struct bytes content)
{
    char line[64];
    bool has_sound = content.n && memmem(content.at, content.n, "soun", 4) != NULL;
    (void)snprintf(line, sizeof line, "a video with%s sound", has_sound ? "" : "out");
    gather_fact(g, CARRIER_TRAILER, FACT_INSIDE, text_of(line));
}

static enum status visit(void *context, unsigned place, struct bytes key, struct bytes content,
                         struct err *err)
{
    struct gathering *g = context;
    const struct carrier_row *row = carrier_row_for(FILE_HEIF, place, key);
    bool is_at_top = place == PLACE_HEIF_BOX;
    if (row->reader == READER_TEXT && place == PLACE_HEIF_ITEM_NAME) {
        return is_stock_name(content) ? STATUS_OK : foreign_text(g, row->carrier, content, err);
    }
    if (row->reader == READER_TEXT) {
        return use_strings(g, row->carrier, content, err);
    }
    if (is_at_top && (bytes_start_with(key, "moov", 4) || bytes_start_with(key, "mpvd", 4))) {
        note_film(g, content);
    }
    /* Padding that was never used says nothing. */
    bool is_empty = content.n == 0 && (is_at_top || place == PLACE_HEIF_META);
    if (!is_empty) {
        foreign_note(g, row, place == PLACE_HEIF_REFERENCE ? 0 : content.n);
    }
    return STATUS_OK;
}

enum status heif_inventory(struct bytes file, struct gathering *g, struct foreign_facts *facts,
                           struct err *err)
{
    struct heif h;
    struct heif_layout layout;
    const struct heif_visitor visitor = {visit, g};
    enum status st = heif_open(file, &visitor, &layout, &h, err);
    if (st != STATUS_OK) {
        return st;
    }
    facts->width_px = (uint32_t)heif_image_handle_get_width(h.picture);
    facts->height_px = (uint32_t)heif_image_handle_get_height(h.picture);
    facts->orientation = layout.orientation;
    facts->is_upright = true;
    st = gather_metadata(&h, layout, g, err);
    if (heif_context_get_number_of_top_level_images(h.context) > 1) {
        gather_carrier(g, CARRIER_MPF, CARRIER_DROPPED, 0, NULL);
    }
    heif_close(&h);
    return st;
}

/* --- the picture --- */

static enum status take_raw_profile(const struct heif *h, struct raster *r, struct err *err)
{
    size_t n = heif_image_handle_get_raw_color_profile_size(h->picture);
    if (n > MAX_ICC_BYTES) {
        return err_set(err, STATUS_LIMIT, "a colour profile of %zu bytes", n);
    }
    uint8_t *at = malloc(n ? n : 1);
    if (!at) {
        return err_set(err, STATUS_NOMEM, "no memory for a colour profile");
    }
    struct heif_error e = heif_image_handle_get_raw_color_profile(h->picture, at);
    enum status st = e.code == heif_error_Ok ? raster_take_profile(r, (struct bytes){at, n}, err)
                                             : heif_failed(e, err);
    free(at);
    return st;
}

/* ITU-T H.273, 8.1 and 8.2: what nclx says of primaries and curve. BT.709's camera curve is shown
 * as sRGB's by every viewer. */
static enum status take_figures(const struct heif_color_profile_nclx *nclx, struct raster *r,
                                struct err *err)
{
    int curve = (int)nclx->transfer_characteristics, primaries = (int)nclx->color_primaries;
    enum { PQ = 16, HLG = 18, LINEAR = 8, P3 = 12, BT2020 = 9 };
    if (curve == PQ || curve == HLG || curve == LINEAR) {
        return err_set(err, STATUS_UNSUPPORTED, "an HDR picture, brighter than other screens show");
    }
    struct icc_figures f = ICC_DISPLAY_P3;
    if (primaries == BT2020) {
        f = (struct icc_figures){
            {0.3127, 0.3290}, {0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, 0};
    } else if (primaries != P3) {
        return STATUS_OK;
    }
    return icc_make(&f, ICC_RGB, &r->profile, err);
}

/* The file's word, else the stream's own. */
static enum status take_colours(const struct heif *h, const struct heif_image *image,
                                struct raster *r, struct err *err)
{
    struct heif_color_profile_nclx *nclx = NULL;
    enum heif_color_profile_type type = heif_image_handle_get_color_profile_type(h->picture);
    if (type == heif_color_profile_type_prof || type == heif_color_profile_type_rICC) {
        return take_raw_profile(h, r, err);
    }
    struct heif_error e = heif_image_handle_get_nclx_color_profile(h->picture, &nclx);
    bool is_given = e.code == heif_error_Ok;
    if (!is_given) {
        heif_nclx_color_profile_free(nclx); /* the library may leave one behind, of odd figures */
        nclx = NULL;
        is_given = heif_image_get_nclx_color_profile(image, &nclx).code == heif_error_Ok;
    }
    enum status st = is_given ? take_figures(nclx, r, err) : STATUS_OK; /* none: sRGB */
    heif_nclx_color_profile_free(nclx);
    return st;
}

/* Red, green, blue in the library's order. */
static void copy_row(const uint8_t *from, uint32_t width, size_t n, bool is_premultiplied,
                     uint8_t *to)
{
    for (uint32_t x = 0; x < width; x++, from += n, to += n) {
        unsigned alpha = n == RASTER_BGRA ? from[3] : OPAQUE;
        for (size_t c = 0; c < RASTER_BGR; c++) {
            unsigned v = from[RASTER_BGR - 1 - c];
            unsigned plain = is_premultiplied && alpha ? (v * OPAQUE + alpha / 2) / alpha : v;
            to[c] = (uint8_t)(plain < OPAQUE ? plain : OPAQUE);
        }
        if (n == RASTER_BGRA) {
            to[3] = from[3];
        }
    }
}

static enum status copy_pixels(const struct heif *h, const struct heif_image *image,
                               unsigned channels, struct raster *out, struct err *err)
{
    int stride = 0;
    const uint8_t *at = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    int width = heif_image_get_width(image, heif_channel_interleaved);
    int height = heif_image_get_height(image, heif_channel_interleaved);
    bool is_premultiplied = heif_image_handle_is_premultiplied_alpha(h->picture) != 0;
    if (!at || width <= 0 || height <= 0 || (int64_t)stride < (int64_t)width * channels) {
        return err_set(err, STATUS_FORMAT, "no picture came out of it");
    }
    if (width != heif_image_handle_get_width(h->picture) ||
        height != heif_image_handle_get_height(h->picture)) {
        return err_set(err, STATUS_FORMAT, "the picture is not of the size the file says");
    }
    enum status st = raster_alloc(out, (uint32_t)width, (uint32_t)height, channels, err);
    for (uint32_t y = 0; st == STATUS_OK && y < out->height_px; y++) {
        copy_row(at + (size_t)y * (size_t)stride, out->width_px, channels, is_premultiplied,
                 raster_row(out, y));
    }
    return st;
}

static enum status check_size(const struct heif *h, struct err *err)
{
    int width = heif_image_handle_get_width(h->picture);
    int height = heif_image_handle_get_height(h->picture);
    if (width <= 0 || height <= 0 || (uint64_t)width * (uint64_t)height > MAX_CONVERTED_PIXELS) {
        return err_set(err, STATUS_LIMIT,
                       "%d x %d px is more than the %u million pixels that can be converted", width,
                       height, MAX_CONVERTED_PIXELS / 1000000);
    }
    return STATUS_OK;
}

static enum status decode(const struct heif *h, bool is_avif, struct raster *out, struct err *err)
{
    bool has_alpha = heif_image_handle_has_alpha_channel(h->picture) != 0;
    struct heif_image *image = NULL;
    struct heif_decoding_options *options = heif_decoding_options_alloc();
    if (!options) {
        return err_set(err, STATUS_NOMEM, "no memory to decode a HEIF");
    }
    options->convert_hdr_to_8bit = 1;
    options->strict_decoding = 1;
    options->decoder_id = is_avif ? "aom" : HEIF_HEVC_ID; /* those that start no threads */
    struct heif_error e = heif_decode_image(
        h->picture, &image, heif_colorspace_RGB,
        has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options);
    heif_decoding_options_free(options);
    if (e.code != heif_error_Ok) {
        return heif_failed(e, err);
    }
    enum status st = STATUS_OK;
    struct heif_error warning;
    if (heif_image_get_decoding_warnings(image, 0, &warning, 1) > 0) {
        st = err_set(err, STATUS_FORMAT, "the picture's data are damaged or cut short");
    }
    if (st == STATUS_OK) {
        st = copy_pixels(h, image, has_alpha ? RASTER_BGRA : RASTER_BGR, out, err);
    }
    if (st == STATUS_OK) {
        st = take_colours(h, image, out, err);
    }
    heif_image_release(image);
    return st;
}

enum status heif_picture(struct bytes file, struct raster *out, struct err *err)
{
    enum { HEAD_BYTES = 4096 };
    struct heif h;
    struct heif_layout layout;
    bool is_avif = file_identify(bytes_slice(file, 0, HEAD_BYTES)) == FILE_AVIF;
    enum status st = heif_open(file, NULL, &layout, &h, err);
    if (st != STATUS_OK) {
        return st;
    }
    st = check_size(&h, err);
    if (st == STATUS_OK) {
        st = decode(&h, is_avif, out, err);
    }
    heif_close(&h);
    if (st != STATUS_OK) {
        raster_release(out);
    }
    return st;
}

/* The library looks for plug-ins in a folder, once. */
enum status heif_prepare(struct err *err)
{
    struct heif_error e = heif_init(NULL);
    return e.code == heif_error_Ok
               ? heif_hevc_register(err)
               : err_set(err, STATUS_LIBRARY, "the HEIF library does not start");
}
