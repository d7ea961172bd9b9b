/* uuid.h - 16-byte ids in plain byte order (RFC 9562), and where randomness comes from. */
#ifndef TOOL_CORE_UUID_H
#define TOOL_CORE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/core/clock.h"

/** Randomness as an interface: the simulation's is seeded. Any thread. */
struct entropy {
    void (*fill)(const struct entropy *self, void *buf, size_t len);
};

/** getrandom(2); stops the process when the kernel has none. */
extern const struct entropy ENTROPY_SYSTEM;

enum { UUID_TEXT_LEN = 36 };

struct uuid {
    uint8_t b[16];
};

/** A fresh UUIDv7: 48 bits of wall clock milliseconds, then random bits. */
struct uuid uuid_v7(const struct clock *clock, const struct entropy *entropy);
/** Lower-case text form; buf holds UUID_TEXT_LEN + 1 bytes. Returns buf. */
char *uuid_text(struct uuid id, char buf[UUID_TEXT_LEN + 1]);
/** Accepts exactly the 36-character form, either case. */
bool uuid_parse(const char *text, struct uuid *out);
bool uuid_equal(struct uuid a, struct uuid b);
bool uuid_is_nil(struct uuid id);

#endif
