/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Merkle tree against the vectors of the Certificate Transparency reference implementation (the
 * leaves and roots of its tests for RFC 6962, which RFC 9162 keeps), and every path of every tree
 * up to 70 leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "photogate/checkpoint.h"

enum { N_LEAVES = 70 };

static struct digest leaf_of(const void *data, size_t n)
{
    uint8_t room[64] = {0};
    struct digest d;
    struct err err = {0};
    assert_true(n < sizeof room);
    if (n) {
        memcpy(room + 1, data, n);
    }
    assert_int_equal(digest_of((struct bytes){room, n + 1}, &d, &err), STATUS_OK);
    return d;
}

static void roots_are_those_of_the_reference(void **state)
{
    (void)state;
    static const struct {
        const char *leaf;
        size_t n;
        const char *root; /* of all leaves so far */
    } VECTORS[] = {
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct buffer leaves;
    buffer_init(&leaves, 4096);
    for (size_t i = 0; i < sizeof VECTORS / sizeof VECTORS[0]; i++) {
        struct digest leaf = leaf_of(VECTORS[i].leaf, VECTORS[i].n), root;
        struct err err = {0};
        char hex[DIGEST_HEX_BYTES];
        buffer_add(&leaves, leaf.b, sizeof leaf.b);
        assert_int_equal(merkle_root(buffer_view(&leaves), &root, &err), STATUS_OK);
        assert_string_equal(digest_hex(&root, hex), VECTORS[i].root);
    }
    buffer_release(&leaves);
}

static void the_empty_tree_is_the_digest_of_nothing(void **state)
{
    (void)state;
    struct digest root;
    struct err err = {0};
    char hex[DIGEST_HEX_BYTES];
    assert_int_equal(merkle_root((struct bytes){NULL, 0}, &root, &err), STATUS_OK);
    assert_string_equal(digest_hex(&root, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static bool holds(const struct digest *leaf, uint64_t index, uint64_t size, struct bytes path,
                  const struct digest *root)
{
    bool yes = false;
    struct err err = {0};
    assert_int_equal(merkle_path_holds(leaf, index, size, path, root, &yes, &err), STATUS_OK);
    return yes;
}

static void every_path_leads_to_its_root_and_to_no_other(void **state)
{
    (void)state;
    struct buffer leaves, path;
    struct digest all[N_LEAVES], root, other = {{1}};
    struct err err = {0};
    buffer_init(&leaves, N_LEAVES * DIGEST_BYTES);
    buffer_init(&path, 64 * DIGEST_BYTES);
    for (uint8_t n = 1; n <= N_LEAVES; n++) {
        all[n - 1] = leaf_of(&n, 1);
        buffer_add(&leaves, all[n - 1].b, DIGEST_BYTES);
        assert_int_equal(merkle_root(buffer_view(&leaves), &root, &err), STATUS_OK);
        for (size_t i = 0; i < n; i++) {
            buffer_reset(&path);
            assert_int_equal(merkle_path(buffer_view(&leaves), i, &path, &err), STATUS_OK);
            struct bytes p = buffer_view(&path);
            assert_true(holds(&all[i], i, n, p, &root));
            assert_false(holds(&all[i], i, n, p, &other));
            assert_false(holds(&other, i, n, p, &root));
            assert_false(holds(&all[i], n, n, p, &root));
            if (n > 1) {
                assert_false(holds(&all[i], (i + 1) % n, n, p, &root));
                assert_false(holds(&all[i], i, n, bytes_slice(p, 0, p.n - DIGEST_BYTES), &root));
                assert_false(holds(&all[i], i, n, bytes_slice(p, 0, p.n - 1), &root));
                buffer_add(&path, other.b, DIGEST_BYTES);
                assert_false(holds(&all[i], i, n, buffer_view(&path), &root));
            }
        }
    }
    buffer_release(&leaves);
    buffer_release(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_the_reference),
        cmocka_unit_test(the_empty_tree_is_the_digest_of_nothing),
        cmocka_unit_test(every_path_leads_to_its_root_and_to_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
