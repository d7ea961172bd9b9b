/* outbox_mirror.h - the rows that are still to be sent, in memory, as the transaction log tells of
 * them: what a tail adds and takes away (outbox_tail.h), a relay reads instead of the table.
 *
 * It may be read once it is exact, a partition at a time: the log is read from a moment on, later
 * than that the table has been read as a whole, and the log has been read beyond that. Then of two
 * events of one key it never has the later one alone, as the log has them in the order of the
 * commits, and nothing in it has been marked as sent by whoever held the partition before. What it
 * is not exact for is read from the table, and remembered here: each row until the log has said
 * that it is sent, so that a log that is read late brings back nothing.
 *
 * Any thread. */
#ifndef TOOL_OUTBOX_MYSQL_OUTBOX_MIRROR_H
#define TOOL_OUTBOX_MYSQL_OUTBOX_MIRROR_H

#include "tool/dbc/gtid.h"
#include "tool/outbox/outbox.h"

enum { OUTBOX_MIRROR_ROWS = 4096 };

struct outbox_mirror;

/* What the log says of a row. */
struct mirror_change {
    enum { MIRROR_PENDING, MIRROR_SENT, MIRROR_GONE } kind;
    uint64_t stream_seq;          /* MIRROR_SENT */
    const struct outbox_row *row; /* MIRROR_PENDING: all of it; else seq and partition */
};

/** rows: at most so many are kept; 0 = OUTBOX_MIRROR_ROWS. */
struct outbox_mirror *outbox_mirror_create(size_t rows);
void outbox_mirror_destroy(struct outbox_mirror *mirror);

/* ---- for the tail */

/** The log is read from here on, where everything before is visible: what was known is forgotten.
 */
void outbox_mirror_open(struct outbox_mirror *mirror, const struct gtid_position *from);
/** The log is not read for now; it goes on where it was (resume), or not at all (close). */
void outbox_mirror_pause(struct outbox_mirror *mirror);
void outbox_mirror_resume(struct outbox_mirror *mirror);
void outbox_mirror_close(struct outbox_mirror *mirror);
/** Whether the log has not come as far yet as it was when the table was read. */
bool outbox_mirror_is_behind(struct outbox_mirror *mirror);
/** What a transaction has done, up to this position. False: it holds too many rows and is closed.
 */
bool outbox_mirror_commit(struct outbox_mirror *mirror, const struct mirror_change changes[],
                          size_t n, const struct gtid_position *position);

/* ---- for the relay, one thread */

/** As outbox_ops.pending; false when it is not exact for all of these partitions. */
bool outbox_mirror_pending(struct outbox_mirror *mirror, uint32_t partitions, size_t max,
                           struct outbox_row *const rows[], size_t *n);
/* What was read from the table, for whom. */
struct mirror_reading {
    uint64_t opening;         /* which one it is for; 0 = nobody wants to hear of it */
    struct gtid_position end; /* of the log, before the table was read */
    uint32_t partitions;
    bool complete; /* these are all the rows there are */
};
/** Before the table is read: for which opening. */
uint64_t outbox_mirror_opening(struct outbox_mirror *mirror);
void outbox_mirror_read(struct outbox_mirror *mirror, const struct mirror_reading *reading,
                        struct outbox_row *const rows[], size_t n);
/** They are being marked in the table as sent. */
void outbox_mirror_sent(struct outbox_mirror *mirror, const struct outbox_sent rows[], size_t n);
/** The partition is to be read from the table again: it was somebody else's, or has changed. */
void outbox_mirror_doubt(struct outbox_mirror *mirror, unsigned partition);

#endif
