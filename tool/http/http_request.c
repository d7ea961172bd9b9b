/* http_request.c - from a request that has been read to its answer. Most are over without a word to
 * libmicrohttpd: the answer goes straight to the socket. What is left is for it to wait for: room
 * for the rest of an answer, the pieces of a stream, the end of a connection. It then gets a
 * stand-in of the request to read, and calls http_on_target and http_on_request twice. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/http/http_answer.h"
#include "tool/http/http_conn.h"
#include "tool/http/http_due.h"
#include "tool/http/http_receive.h"

struct http_request *http_request_create(struct http_conn *conn)
{
    struct http_request *r = MEM_NEW(struct http_request);

    r->server = conn->server;
    r->conn = conn;
    r->path = "";
    http_reader_init(&r->in);
    return r;
}

void http_request_free(struct http_request *r)
{
    http_reader_fini(&r->in);
    free(r->out);
    http_stream_free(r->stream);
    free(r);
}

void *http_on_target(void *server, const char *target, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_conn *conn = info->socket_context;
    struct http_request *r = conn->reading;

    (void)server;
    (void)target;
    ASSERT(r && r->answered && !conn->request); /* the library reads nothing but our stand-ins */
    conn->reading = NULL;
    conn->request = r;
    r->mhd = mhd;
    return r;
}

bool http_request_refuse(struct http_request *r, enum status st, const char *why)
{
    struct http_server *server = r->server;
    struct problem problem = {0};

    problem_set(&problem, st, NULL, "%s", why);
    r->owned = true;
    server->config.refuse(server->config.arg, r, &problem);
    r->owned = false;
    return r->answered;
}

void http_request_disown(struct http_request *r)
{
    if (!r->owned || !r->server->config.gone)
        return;
    r->server->config.gone(r->server->config.arg, r);
    r->owned = false;
    r->data = NULL;
}

/* ---- handed over ---- */

static bool refuse(struct http_request *r)
{
    r->conn->refused = true;
    return http_request_refuse(r, status_from_http(r->in.status), r->in.why);
}

static bool hand_over(struct http_request *r)
{
    struct http_server *server = r->server;

    if (server->stopping)
        return http_request_refuse(r, ST_UNAVAILABLE, "The server is going down.");
    r->owned = true;
    server->config.handle(server->config.arg, r);
    if (!r->answered)
        http_conn_phase(r->conn, HTTP_WAITING);
    server->handed_on = server->handed_on || !r->answered;
    return true;
}

bool http_request_begin(struct http_conn *conn)
{
    struct http_request *r = conn->reading;

    http_reader_settle(&r->in);
    conn->reading = NULL;
    conn->request = r;
    if (r->in.target) {
        r->path = r->in.head + r->in.target;
        r->query = strchr(r->path, '?');
        if (r->query)
            *r->query++ = '\0';
    }
    return r->in.state == HTTP_READ_REFUSED ? refuse(r) : hand_over(r);
}

void http_request_over(struct http_request *r)
{
    http_request_disown(r);
    http_conn_phase(r->conn, HTTP_IDLE);
    r->conn->request = NULL;
    r->conn->served = true;
    r->conn = NULL;
    r->mhd = NULL;
    if (!r->owned)
        http_request_free(r);
}

/* ---- what is left to libmicrohttpd ---- */

/* It has a stand-in of the answer too, in whose place http_receive.c sends what has not gone yet.
 */
enum MHD_Result http_on_request(void *server, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *data_len, void **request)
{
    struct http_request *r = *request;

    (void)server;
    (void)url;
    (void)method;
    (void)version;
    (void)data;
    (void)data_len;
    if (!r->begun) {
        r->begun = true;
        return MHD_YES;
    }
    return r->stream ? http_stream_queue(r)
                     : MHD_queue_response(mhd, MHD_HTTP_OK, r->server->stand_ins[r->closes]);
}

void http_on_completed(void *server, struct MHD_Connection *mhd, void **request,
                       enum MHD_RequestTerminationCode why)
{
    struct http_request *r = *request;

    (void)server;
    (void)mhd;
    (void)why;
    *request = NULL;
    if (!r)
        return;
    if (http_conn_has_more(r->conn))
        http_due_add(r->conn);
    http_request_over(r);
}

/* ---- answers ---- */

void http_request_answer(struct http_request *r, const struct http_response *res)
{
    r->closes = http_answer_closes(r, res);
    http_answer_write(r, res, r->closes);
    r->answered = true;
    http_conn_phase(r->conn, HTTP_WRITING);
    http_conn_send(r->conn);
    http_due_add(r->conn);
}

void http_respond(struct http_request *r, const struct http_response *res)
{
    r->owned = false;
    if (!r->conn)
        http_request_free(r); /* the client left long ago */
    else if (!r->answered)
        http_request_answer(r, res);
}

void http_drop(struct http_request *r)
{
    struct http_response nothing = {.status = 503};

    r->owned = false;
    if (!r->conn) {
        http_request_free(r);
    } else if (!r->answered) {
        http_conn_cut(r->conn);
        http_response_header(&nothing, "Connection", "close");
        http_request_answer(r, &nothing);
    }
}

void http_response_header(struct http_response *res, const char *name, const char *value)
{
    ASSERT(res->n_headers < HTTP_HEADERS_MAX);
    res->headers[res->n_headers].name = name;
    res->headers[res->n_headers++].value = value;
}

const char *http_request_method(const struct http_request *r)
{
    return r->in.target ? r->in.head : "";
}

const char *http_request_path(const struct http_request *r)
{
    return r->path;
}

const char *http_request_query(const struct http_request *r)
{
    return r->query;
}

const char *http_request_body(const struct http_request *r, size_t *len)
{
    *len = r->in.body_len;
    return r->in.body ? r->in.body : "";
}

const char *http_request_peer(const struct http_request *r)
{
    return r->conn ? r->conn->peer : "";
}

void **http_request_data(struct http_request *r)
{
    return &r->data;
}
