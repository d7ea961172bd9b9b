/* http_linger.h - closing without destroying the answer on its way. For the files of this layer. */
#ifndef TOOL_HTTP_HTTP_LINGER_H
#define TOOL_HTTP_HTTP_LINGER_H

#include "tool/http/http_internal.h"

void http_linger_start(struct http_server *server, int fd);
void http_linger_sweep(struct http_server *server, int64_t now_ms);
void http_linger_stop_all(struct http_server *server);

#endif
