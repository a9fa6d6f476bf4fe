/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every cap of the program, each with its reason. A photo over a cap is held; an input file over
 * one is refused. */
#ifndef PHOTOGATE_LIMITS_H
#define PHOTOGATE_LIMITS_H

/* Photos. Measured on 1,714 JPEGs and 1,937 PNGs of real cameras: none honest comes near. */
#define MAX_PHOTO_BYTES (200u * 1000 * 1000) /* a 200 MP camera's largest JPEG is under 100 MB */
#define MAX_PHOTO_PIXELS (200u * 1000 * 1000)
#define MAX_PNG_EDGE_PX 20000u
#define MAX_PNG_CHUNK_BYTES (4u * 1024 * 1024) /* libpng's user limit for one ancillary chunk */
#define MAX_PNG_CACHED_CHUNKS 64u
/* pixels held at once when interlaced or turned: 133 MP of RGB */
#define MAX_PNG_WHOLE_BYTES (400u * 1000 * 1000)
#define MAX_JPEG_SCANS 100     /* progressive files have 10 or so; bombs have thousands */
#define MAX_JPEG_MEMORY_BYTES (512L * 1000 * 1000)
#define MAX_SEGMENTS 4096u     /* markers or chunks in one photo, IDAT apart */
#define MAX_ICC_BYTES (4u * 1024 * 1024)
/* held whole, up to six bytes each: under EXAMINER_RESIDENT_BYTES */
#define MAX_CONVERTED_PIXELS (64u * 1000 * 1000)
/* what came lossless leaves as PNG up to here, above as JPEG */
#define MAX_LOSSLESS_PIXELS (4u * 1000 * 1000)
#define MAX_HEIF_ITEMS 4096u   /* a 200 MP photo in tiles of 512 px has 800 */
#define MAX_HEIF_COMPOSED 64u /* grids and overlays; a phone writes two or three: photo, gain map, depth */
#define MAX_TIFF_ENTRIES 1024u /* in one directory; the standard's own tags are 200 */
#define MAX_RELEASE_EDGE_PX 20000u
#define MIN_JPEG_QUALITY 50u   /* below, faces turn into blocks */
#define MAX_JPEG_QUALITY 98u
/* with colours in full: 12 MP phone photos lose 0.6 to 0.9 of 255 levels; at 90, 0.9 to 1.4 in
 * two thirds of the bytes */
#define DEFAULT_JPEG_QUALITY 95u

/* Metadata. */
/* one packet, extended XMP put together, the pictures embedded in that left out */
#define MAX_XMP_BYTES (1024u * 1024)
#define MAX_XMP_EXTENDED_BYTES (16u * 1024 * 1024) /* with them: depth maps are 1 to 4 MB */
#define MAX_XMP_DEPTH 64u            /* exempi 2.6.3 overflows its stack at about 37,600 */
#define MAX_SIDECARS 8u /* two XMP, two of a Takeout, Picasa's here and above, and a copy's */
#define MAX_COMPANION_BYTES (4u * 1024 * 1024) /* a .picasa.ini of 20,000 photos; JSON is 4 kB */
#define MAX_TAKEOUT_BYTES (1024u * 1024)
#define MAX_SIBLINGS_BYTES (4u * 1024 * 1024)  /* names of the photos beside a .picasa.ini */
#define MAX_COMPANION_NAME_BYTES 4096u         /* a file's name, folded: a name has 255 bytes */
#define MAX_TAGS 512u          /* people tags in one photo; a whole-school photo has 400 */
#define MAX_TAG_BYTES 512u     /* one name */
#define MAX_TEXT_BYTES 16384u  /* one caption or other text */
#define MAX_TEXTS 512u         /* with strings nobody knows: a developed RAW photo has under 100 */
#define MAX_LOOSE_BYTES (512u * 1024) /* of strings that no table knows */
#define MAX_FACTS_FOUND 64u   /* for telling people only: what is over it is left out */
#define MAX_FACT_BYTES 256u
#define MAX_CARRIERS 128u
#define MAX_FACES 512u
#define MAX_COVERED MAX_TAGS /* faces covered in one photo: somebody tagged each */

/* Evidence on the wire: caps above multiplied out, with the preview, stay under this. */
#define MAX_MESSAGE_BYTES (16u * 1024 * 1024)
#define MAX_PREVIEW_BYTES (64u * 1024)
#define PREVIEW_EDGE_PX 240u   /* sharp enough to recognise a photo at report size */
#define DETECT_EDGE_PX 1920u   /* longest edge of the picture any face detector sees */

/* One examiner process (gate/examiner). */
#define EXAMINER_ADDRESS_BYTES (1536L * 1024 * 1024)
#define EXAMINER_RESIDENT_BYTES (512L * 1024 * 1024) /* the bound `make bench` checks */
#define EXAMINER_WALL_MS 30000
#define MAX_WORKERS 64u

/* Intake. */
#define MAX_PATH_BYTES 4096u
#define MAX_FOLDER_DEPTH 32u
#define MAX_ITEMS 1000000u     /* one run; over it, name smaller folders */
#define MAX_MANIFEST_BYTES (16u * 1024 * 1024)
#define MAX_MANIFEST_ROWS 100000u /* photos of one folder */
#define MAX_MANIFEST_COLUMNS 64u  /* ours are nine; spreadsheets add empty ones */
#define MAX_PEOPLE_COUNT 10000u   /* nobody counts more heads in one photo */

/* Register and policy. */
#define MAX_IMPORT_BYTES (64u * 1024 * 1024) /* a trust of 100,000 pupils is 30 MB */
#define MAX_IMPORT_ROWS 1000000u
#define MAX_IMPORT_COLUMNS 512u
#define MAX_FIELD_BYTES 4096u
#define MAX_POLICY_BYTES (256u * 1024)
#define MAX_POLICY_ANCESTORS 8u
#define MAX_POLICY_SETTINGS 2048u     /* settings in one file; all keys of all channels are under 300 */
#define MAX_POLICY_CHANNELS 32u
#define MAX_POLICY_LIST 1024u         /* values of one list */
#define MAX_POLICY_MEMORY_BYTES (128u * 1024 * 1024) /* a policy with its word lists */
#define MAX_WORDLIST_BYTES (4u * 1024 * 1024)
#define MAX_WORDLISTS 256u
#define MAX_NAME_BYTES 255u    /* one part of a person's name */
/* names of a run's register, folded: a million people take about 600 MB */
#define MAX_INDEX_BYTES (1024L * 1024 * 1024)

/* Commit. */
#define COMMIT_GROUP_PHOTOS 32u /* photos that share one ledger transaction */
#define COMMIT_GROUP_MS 250     /* or that much time, whichever comes first */

/* What people write about their decisions: one line each, for the ledger. */
#define MAX_REASON_BYTES 500u
#define MAX_REFERENCE_BYTES 120u
#define MAX_URL_BYTES 2000u /* where a photo was published; what browsers and web servers agree on */

/* Ledger. */
#define MAX_ENTRY_BYTES (1024u * 1024) /* one body; a ruling with every rule hit is under 100 kB */
#define MAX_ENTRY_DEPTH 32u            /* objects and lists inside one another */
#define LEDGER_BUSY_MS 2000            /* wait for another writer's transaction, a few syncs long */

#endif
