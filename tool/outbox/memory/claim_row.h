/* claim_row.h - the table of partition_lease_memory.c; for tool/outbox/memory only. */
#ifndef TOOL_OUTBOX_MEMORY_CLAIM_ROW_H
#define TOOL_OUTBOX_MEMORY_CLAIM_ROW_H

#include <stdint.h>

#include "tool/core/uuid.h"

#define CLAIM_TABLE "outbox_lease"

struct claim_row {
    int partition; /* -1: a holder's */
    struct uuid holder;
    int64_t until_us;
};

#endif
