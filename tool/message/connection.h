/* connection.h - one TCP connection to NATS whose socket our loop reads and writes. It is never
 * repaired: once lost it is thrown away. The one file that knows how libnats versions differ. */
#ifndef TOOL_MESSAGE_CONNECTION_H
#define TOOL_MESSAGE_CONNECTION_H

#include <nats/nats.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "tool/core/loop_fd.h"
#include "tool/message/link.h"
#include "tool/message/refusals.h"
#include "tool/message/tls_session.h"

struct connection {
    struct loop *loop;
    natsConnection *nc;
    /** Another thread has queued something to send; called with libnats' lock held. */
    loop_fn wanted;
    void *arg;
    atomic_bool want_write; /* libnats has bytes for the socket */
    bool armed;             /* and the loop waits for room in it */
    bool dead;              /* closed; nothing may be asked of nc any more but to be destroyed */
    bool watched;
    bool tls; /* each read and each write is of one record */
    struct tls_session session;
    int fd; /* libnats' own; -1 once it has closed it */
};

/** Any thread, in which SIGALRM will be unblocked; blocks for a second or so a server. NULL after
 * writing why into error. refusals: told what the server does not let us hear. */
struct connection *connection_open(const struct link_config *config, loop_fn wanted, void *arg,
                                   struct refusals *refusals, char *error, size_t error_size);
/* The rest: loop thread only. */

/** From now on fn(arg) is called when there is something to read. */
void connection_watch(struct connection *c, loop_fd_fn fn);
/** Reads and parses once; may find the connection dead. True, over TLS: more has been received, and
 * nothing else will say so. */
bool connection_read(struct connection *c);
/** Sends what there is and the socket takes, of very much a part; may find the connection dead. */
void connection_write(struct connection *c);
/** Waits up to patience_ms until everything is sent, then closes and frees. NULL is fine. */
void connection_close(struct connection *c, int patience_ms);
/** Makes the next read find it dead. */
void connection_break(struct connection *c);

#endif
