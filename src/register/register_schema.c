/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema is what the data protection officer owns and reads: consent/sql/register.sql. The
 * assembler takes the file in as it is (path from the top of the tree, where make runs), so that no
 * second copy can drift from it. */
#include "register/register_db.h"

__asm__(".pushsection .rodata\n"
        ".global register_schema_sql\n"
        ".type register_schema_sql, @object\n"
        "register_schema_sql:\n"
        ".incbin \"consent/sql/register.sql\"\n"
        ".byte 0\n"
        ".size register_schema_sql, . - register_schema_sql\n"
        ".popsection\n");
