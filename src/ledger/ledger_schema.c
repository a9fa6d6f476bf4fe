/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consent/sql/ledger.sql, byte for byte: the DPO reads the file that the program uses. The path is
 * from the tree's root, where make runs. */
#include "ledger/ledger_db.h"

__asm__(".pushsection .rodata, \"a\"\n"
        ".global ledger_schema_sql\n"
        ".hidden ledger_schema_sql\n"
        ".type ledger_schema_sql, %object\n"
        "ledger_schema_sql:\n"
        ".incbin \"consent/sql/ledger.sql\"\n"
        ".byte 0\n"
        ".size ledger_schema_sql, . - ledger_schema_sql\n"
        ".popsection\n");
