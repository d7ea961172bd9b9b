/* attempt.c - see attempt.h. */
#include "tool/throttle/attempt.h"

#include <string.h>

#include "tool/core/assert.h"

enum { S_US = 1000000, DIGITS = 2 };

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct attempt, id,       "id",       COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct attempt, recent,   "recent",   COLUMN_TEXT, 0),
    COLUMN(struct attempt, slot,     "slot",     COLUMN_INT,  0),
    COLUMN(struct attempt, holds,    "holds",    COLUMN_INT,  0),
    COLUMN(struct attempt, until_us, "until_at", COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct attempt, over_us,  "over_at",  COLUMN_TIME, 0),
};
/* clang-format on */

const struct table ATTEMPT_TABLE = TABLE(struct attempt, COLUMNS, "attempt");

static int64_t slot_us(const struct throttle_rule *rule)
{
    return (int64_t)rule->window_s * S_US / (ATTEMPT_SLOTS - 1);
}

/* How long the hold of that number is. */
static int64_t hold_us(const struct throttle_rule *rule, int64_t number)
{
    int64_t s = rule->first_hold_s;

    while (number-- > 1 && s < rule->longest_hold_s)
        s *= 2;
    return (s < rule->longest_hold_s ? s : rule->longest_hold_s) * S_US;
}

int attempt_held_s(const struct attempt *a, const struct throttle_rule *rule, int64_t now_us)
{
    int64_t left_us = a->until_us - now_us;

    if (a->holds == 0 || left_us <= 0 || left_us > hold_us(rule, a->holds))
        return 0;
    return (int)((left_us + S_US - 1) / S_US);
}

static unsigned digit_value(char c)
{
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                  : 0;
}

static unsigned in_slot(const struct attempt *a, size_t i)
{
    return digit_value(a->recent[DIGITS * i]) * 16 + digit_value(a->recent[DIGITS * i + 1]);
}

static void set_slot(struct attempt *a, size_t i, unsigned n)
{
    static const char HEX[] = "0123456789abcdef";

    a->recent[DIGITS * i] = HEX[n / 16];
    a->recent[DIGITS * i + 1] = HEX[n % 16];
}

static void forget_slots(struct attempt *a)
{
    memset(a->recent, '0', sizeof(a->recent) - 1);
    a->recent[sizeof(a->recent) - 1] = '\0';
}

/* Makes slot `now` the newest; a clock that was set back goes on counting in the newest there is.
 */
static void shift_to(struct attempt *a, int64_t now)
{
    size_t by;

    if (now - a->slot >= ATTEMPT_SLOTS) {
        forget_slots(a);
        a->slot = now;
    }
    if (now <= a->slot)
        return;
    by = DIGITS * (size_t)(now - a->slot);
    memmove(a->recent, a->recent + by, sizeof(a->recent) - 1 - by);
    memset(a->recent + sizeof(a->recent) - 1 - by, '0', by);
    a->slot = now;
}

static unsigned total(const struct attempt *a)
{
    unsigned n = 0;

    for (size_t i = 0; i < ATTEMPT_SLOTS; i++)
        n += in_slot(a, i);
    return n;
}

/* Longer than anything lasts: it was written before the clock was set back. Not as long as it
 * should be: somebody wrote it by hand. */
static bool is_forgotten(const struct attempt *a, const struct throttle_rule *rule, int64_t now_us)
{
    int64_t longest_us = ((int64_t)rule->longest_hold_s + 2 * (int64_t)rule->window_s) * S_US;

    return now_us >= a->over_us || a->over_us - now_us > longest_us ||
           strlen(a->recent) != sizeof(a->recent) - 1;
}

bool attempt_count(struct attempt *a, const struct throttle_rule *rule, int64_t now_us)
{
    ASSERT(attempt_held_s(a, rule, now_us) == 0);
    if (is_forgotten(a, rule, now_us)) {
        *a = (struct attempt){.id = a->id, .slot = now_us / slot_us(rule)};
        forget_slots(a);
    }
    if (a->holds == 0) {
        shift_to(a, now_us / slot_us(rule));
        set_slot(a, ATTEMPT_SLOTS - 1, in_slot(a, ATTEMPT_SLOTS - 1) + 1);
        a->over_us = (a->slot + ATTEMPT_SLOTS) * slot_us(rule);
        if (total(a) < (unsigned)rule->limit)
            return false;
    }
    a->holds++;
    a->until_us = now_us + hold_us(rule, a->holds);
    a->over_us = a->until_us + (int64_t)rule->window_s * S_US;
    forget_slots(a);
    return true;
}
