/* http_receive.h - between a connection's bytes and libmicrohttpd. For the files of this layer. */
#ifndef TOOL_HTTP_HTTP_RECEIVE_H
#define TOOL_HTTP_HTTP_RECEIVE_H

#include <sys/types.h>

#include "tool/http/http_internal.h"

/** MHD_run, with the recv, send and sendmsg that the library calls in it on the descriptors of its
 * connections turned to the functions below. */
void http_run(struct http_server *server);

/* Of http_receive.c alone, but called by its recv, which glibc declares inline: what that calls may
 * not be static. */
/** The connection whose descriptor that is, while http_run runs in this thread; else NULL. */
struct http_conn *http_conn_of(int fd);
/** As recv(2): once a request is whole, or refused, a small head that stands for it. */
ssize_t http_conn_receive(struct http_conn *conn, char *buf, size_t size);

/** Receives until a request has been handed over, or refused: > 0. Otherwise as recv(2). Sets errno
 * also when it returns 0. */
ssize_t http_conn_take(struct http_conn *conn);
/** Of the answer of its request as much as goes now. As send(2); but 0 = all of it. */
ssize_t http_conn_send(struct http_conn *conn);
/** Whether more of the client's bytes are here, or may be, though the library knows of none. */
bool http_conn_has_more(const struct http_conn *conn);

#endif
