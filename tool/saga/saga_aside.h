/* saga_aside.h - the rows this process has set aside because this release cannot read them: how
 * many they are, and which of them the log has been told of. Private to tool/saga; one thread. */
#ifndef TOOL_SAGA_SAGA_ASIDE_H
#define TOOL_SAGA_SAGA_ASIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/core/uuid.h"
#include "tool/saga/saga_store.h"

enum {
    SAGA_ASIDE_MAX =
        1024, /* more are set aside like any other, but neither told apart nor counted */
    SAGA_ASIDE_SHORTEST_MS = 2000,
    SAGA_ASIDE_LONGEST_MS = SAGA_PAUSE_MAX_MS,
};

struct saga_aside {
    struct saga_aside_row {
        struct uuid id;
        int64_t until_ms, told_ms;
    } * rows;
    size_t n, room;
};

/** How long a row is set aside that nobody has moved on for age_ms: as long again, within bounds,
 * so that one which a newer release is just about to take is not hidden from it. */
int64_t saga_aside_pause_ms(int64_t age_ms);
/** A row is set aside until until_ms. True when the log has not been told of it for a while. */
bool saga_aside_note(struct saga_aside *aside, struct uuid id, int64_t until_ms, int64_t now_ms);
/** How many are aside: who was not seen again after its time is somebody else's, or gone. */
size_t saga_aside_count(const struct saga_aside *aside, int64_t now_ms);
void saga_aside_fini(struct saga_aside *aside);

#endif
