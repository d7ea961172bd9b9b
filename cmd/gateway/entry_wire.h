/* entry_wire.h - the bytes of one connection: behind a proxy's header, or TLS, or both. Loop
 * thread. */
#ifndef CMD_GATEWAY_ENTRY_WIRE_H
#define CMD_GATEWAY_ENTRY_WIRE_H

#include "cmd/gateway/entry.h"
#include "tool/http/trusted_proxies.h"

/** Whether the socket's other end is one of them. */
bool entry_wire_is_from(int fd, const struct trusted_proxies *proxies);
/** header: a proxy's header comes first, and tells the peer. */
struct http_wire entry_wire_create(const struct entry *entry, struct http_conn *conn, int fd,
                                   bool header);

#endif
