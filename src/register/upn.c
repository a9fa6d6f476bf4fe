/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/register.h"

/* The alphabet of check letters: no I, O or S, which are taken for digits. */
static const char LETTERS[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
enum { N_LETTERS = sizeof LETTERS - 1, UPN_LENGTH = 13 };

static int letter_value(char c)
{
    for (int i = 0; i < N_LETTERS; i++) {
        if (LETTERS[i] == c) {
            return i;
        }
    }
    return -1;
}

/* DfE, Unique Pupil Numbers: guide for schools, "check letter": each of positions 2 to 13 times its
 * position, summed, modulo 23, is the place of the first letter in the alphabet. A temporary number
 * ends in a letter, which counts by its place. */
bool upn_is_valid(struct text upn)
{
    if (upn.n != UPN_LENGTH) {
        return false;
    }
    int sum = 0;
    for (int i = 1; i < UPN_LENGTH; i++) {
        char c = upn.at[i];
        int value = c >= '0' && c <= '9' ? c - '0' : -1;
        if (value < 0 && i == UPN_LENGTH - 1) {
            value = letter_value(c);
        }
        if (value < 0) {
            return false;
        }
        sum += value * (i + 1);
    }
    return upn.at[0] == LETTERS[sum % N_LETTERS];
}
