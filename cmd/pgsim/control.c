/* control.c - see control.h. */
#include "cmd/pgsim/control.h"

#include "cmd/pgsim/hash.h"

enum { SLOW_MS = 1000, SLOW_MAX_MS = 600000, PERCENT = 100 };

static const char *const MODES[] = {"up", "down", "slow", NULL};

static const struct field FIELDS[] = {
    FIELD(struct control, mode, "mode", FIELD_ENUM, FIELD_REQUIRED, .names = MODES),
    FIELD(struct control, ms, "ms", FIELD_INT, 0, .min = 0, .max = SLOW_MAX_MS,
          .fallback = SLOW_MS),
    FIELD(struct control, reject_percent, "rejectPercent", FIELD_INT, 0, .min = 0, .max = PERCENT),
};

const struct descriptor CONTROL =
    DESCRIPTOR(struct control, "Control", FIELDS, "How the card company is today.");

bool control_rejects(const struct control *control, const char *key)
{
    return (int64_t)(hash_text(key) % PERCENT) < control->reject_percent;
}
