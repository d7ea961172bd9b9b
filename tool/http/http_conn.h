/* http_conn.h - connections, their limits of time, clients that left. For the files of this layer.
 */
#ifndef TOOL_HTTP_HTTP_CONN_H
#define TOOL_HTTP_HTTP_CONN_H

#include "tool/http/http_internal.h"

void http_on_connection(void *server, struct MHD_Connection *mhd, void **conn,
                        enum MHD_ConnectionNotificationCode what);
void http_conn_phase(struct http_conn *conn, enum http_phase phase);
/** Whether the end of what the client says may have come unseen: the sweep asks. */
void http_conn_may_end(struct http_conn *conn, bool may);
/** Nothing more is received or sent. */
void http_conn_cut(const struct http_conn *conn);
void http_sweep_arm(struct http_server *server);
void http_sweep_run(void *server);

#endif
