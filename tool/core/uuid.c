/* uuid.c - UUIDv7 and its text form. */
#include "tool/core/uuid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "tool/core/assert.h"
#include "tool/core/hex.h"

static void system_fill(const struct entropy *self, void *buf, size_t len)
{
    uint8_t *p = buf;

    (void)self;
    while (len > 0) {
        ssize_t n = getrandom(p, len, 0);

        if (n < 0 && errno == EINTR)
            continue;
        ASSERT(n > 0);
        p += n;
        len -= (size_t)n;
    }
}

const struct entropy ENTROPY_SYSTEM = {.fill = system_fill};

struct uuid uuid_v7(const struct clock *clock, const struct entropy *entropy)
{
    uint64_t ms = (uint64_t)(clock_wall_us(clock) / 1000);
    struct uuid id;

    entropy->fill(entropy, id.b + 6, sizeof(id.b) - 6);
    for (int i = 0; i < 6; i++)
        id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.b[6] = (uint8_t)(0x70 | (id.b[6] & 0x0f));
    id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f));
    return id;
}

static bool is_dash(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

char *uuid_text(struct uuid id, char buf[UUID_TEXT_LEN + 1])
{
    static const char HEX[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < sizeof(id.b); i++) {
        if (is_dash(at))
            buf[at++] = '-';
        buf[at++] = HEX[id.b[i] >> 4];
        buf[at++] = HEX[id.b[i] & 0x0f];
    }
    buf[at] = '\0';
    return buf;
}

bool uuid_parse(const char *text, struct uuid *out)
{
    struct uuid id;
    size_t at = 0;

    if (strlen(text) != UUID_TEXT_LEN)
        return false;
    for (size_t i = 0; i < sizeof(id.b); i++) {
        int high, low;

        if (is_dash(at) && text[at++] != '-')
            return false;
        high = hex_value(text[at++]);
        low = hex_value(text[at++]);
        if (high < 0 || low < 0)
            return false;
        id.b[i] = (uint8_t)(high << 4 | low);
    }
    *out = id;
    return true;
}

bool uuid_equal(struct uuid a, struct uuid b)
{
    return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

bool uuid_is_nil(struct uuid id)
{
    return uuid_equal(id, (struct uuid){{0}});
}
