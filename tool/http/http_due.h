/* http_due.h - connections that are looked at once more before the turn ends: their request has
 * been answered, or more may have come behind it. Nothing of a connection changes hands while its
 * owner is still answering. For the files of this layer. */
#ifndef TOOL_HTTP_HTTP_DUE_H
#define TOOL_HTTP_HTTP_DUE_H

#include "tool/http/http_internal.h"

/** Once is enough. */
void http_due_add(struct http_conn *conn);
/** Fine also when it is not due. */
void http_due_remove(struct http_conn *conn);
/** Looks at all that are due. Not from inside http_run. */
void http_due_run(struct http_server *server);
/** Ends the answered request of the connection. False: libmicrohttpd has to, as soon as it reads
 * from the connection. */
bool http_due_settle(struct http_conn *conn);

#endif
