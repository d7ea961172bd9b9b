/* gtid.h - how far a transaction log has been read: of each domain the last transaction, as MariaDB
 * writes it ("0-1-123,7-2-45"). Private to tool/dbc and those who read logs. */
#ifndef TOOL_DBC_GTID_H
#define TOOL_DBC_GTID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GTID_DOMAINS_MAX = 8,
    GTID_TEXT_MAX = GTID_DOMAINS_MAX * (10 + 1 + 10 + 1 + 20 + 1) - 1,
};

struct gtid {
    uint32_t domain, server;
    uint64_t seq;
};

/* Zeroed: where the log begins. */
struct gtid_position {
    struct gtid at[GTID_DOMAINS_MAX]; /* one a domain */
    size_t n;
};

/** "" is a position too. False when malformed, or of too many domains. */
bool gtid_read(const char *text, struct gtid_position *out);
/** buf is returned. */
char *gtid_text(const struct gtid_position *position, char buf[GTID_TEXT_MAX + 1]);
/** It has been read up to this one. False: that is one domain too many. */
bool gtid_advance(struct gtid_position *position, struct gtid to);
/** Whether who has read up to position has read all of it that comes before other. */
bool gtid_covers(const struct gtid_position *position, const struct gtid_position *other);

#endif
