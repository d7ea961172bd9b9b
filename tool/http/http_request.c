/* http_request.c - from a request line to handle(): libmicrohttpd calls http_on_target, then
 * http_on_request once for the head, for each piece of body, and once more at the end. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/http/http_conn.h"

static void request_free(struct http_request *r)
{
    free(r->body);
    free(r);
}

void *http_on_target(void *arg, const char *target, struct MHD_Connection *mhd)
{
    struct http_server *server = arg;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    size_t len = target ? strlen(target) : 0; /* NULL: no target at all, refused by the library */
    struct http_request *r = mem_alloc(1, sizeof(*r) + len + 1);

    r->server = server;
    r->mhd = mhd;
    r->conn = info->socket_context;
    r->conn->request = r;
    if (len)
        memcpy(r->path, target, len);
    r->query = strchr(r->path, '?');
    if (r->query)
        *r->query++ = '\0';
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

static enum MHD_Result on_field(void *arg, enum MHD_ValueKind kind, const char *name,
                                size_t name_len, const char *value, size_t value_len)
{
    (void)kind;
    header_check_field(arg, name, name_len, value ? value : "", value_len);
    return MHD_YES;
}

/* An answer to the head alone makes libmicrohttpd close: right here, where the rest of the stream
 * cannot be trusted or is not wanted. */
static enum MHD_Result refuse_head(struct http_request *r, enum status st, const char *why)
{
    r->conn->refused_early = true;
    return http_request_refuse(r, st, why) ? MHD_YES : MHD_NO;
}

static enum MHD_Result take_head(struct http_request *r, const char *method, const char *version)
{
    const struct http_server_config *config = &r->server->config;
    struct header_check check;
    size_t head;

    r->begun = true;
    text_copy(r->method, sizeof(r->method), method);
    header_check_begin(&check, method, version);
    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, on_field, &check);
    if (header_check_end(&check))
        return refuse_head(r, status_from_http(check.status), check.why);
    head = MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
    if (head > config->head_max)
        return refuse_head(r, ST_HEAD_TOO_LARGE, "The request's head is too large.");
    if (check.content_length > config->body_max)
        return refuse_head(r, ST_TOO_LARGE, "The request's body is too large.");
    if (check.chunked || check.content_length > 0) {
        r->body_size = (size_t)check.content_length;
        http_conn_phase(r->conn, HTTP_BODY);
    }
    return MHD_YES;
}

static void make_room(struct http_request *r, size_t len)
{
    size_t size = r->body_size ? r->body_size : 1024;
    char *grown;

    while (size < r->body_len + len)
        size *= 2;
    if (r->body && size == r->body_size)
        return;
    grown = mem_alloc(1, size + 1);
    if (r->body)
        memcpy(grown, r->body, r->body_len);
    free(r->body);
    r->body = grown;
    r->body_size = size;
}

static enum MHD_Result take_body(struct http_request *r, const char *data, size_t *data_len)
{
    size_t body_max = r->server->config.body_max;

    r->body_seen += *data_len;
    if (r->body_seen > body_max) {
        r->too_large = true; /* said at the end: in the middle of a body nothing can be answered */
        if (r->body_seen / HTTP_DRAIN_FACTOR > body_max)
            return MHD_NO;
    } else {
        make_room(r, *data_len);
        memcpy(r->body + r->body_len, data, *data_len);
        r->body_len += *data_len;
    }
    *data_len = 0;
    return MHD_YES;
}

/* The whole request is here. What the owner answers at once goes out without suspending. */
static enum MHD_Result hand_over(struct http_request *r)
{
    struct http_server *server = r->server;
    bool alive = true;

    if (r->body)
        r->body[r->body_len] = '\0';
    if (r->too_large) {
        alive = http_request_refuse(r, ST_TOO_LARGE, "The request's body is too large.");
    } else if (server->stopping) {
        alive = http_request_refuse(r, ST_UNAVAILABLE, "The server is going down.");
    } else {
        r->owned = true;
        server->config.handle(server->config.arg, r);
    }
    if (!alive)
        return MHD_NO;
    if (!r->answered) {
        r->suspended = true;
        http_conn_phase(r->conn, HTTP_WAITING);
        MHD_suspend_connection(r->mhd);
        server->handed_on = true;
    }
    return MHD_YES;
}

enum MHD_Result http_on_request(void *server, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *data_len, void **request)
{
    struct http_request *r = *request;

    (void)server;
    (void)mhd;
    (void)url; /* decoded already, and so ambiguous: routes match the raw target */
    if (r->answered)
        return MHD_NO; /* the answer could not be queued: nothing but closing is left */
    if (!r->begun)
        return take_head(r, method, version);
    if (*data_len > 0)
        return take_body(r, data, data_len);
    return hand_over(r);
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
    http_request_disown(r);
    http_conn_phase(r->conn, HTTP_HEAD);
    r->conn->request = NULL;
    r->conn->served = true;
    r->conn = NULL;
    r->mhd = NULL;
    if (!r->owned)
        request_free(r);
}

static struct MHD_Response *make_response(const struct http_request *r,
                                          const struct http_response *res)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(res->len, (void *)res->body, MHD_RESPMEM_MUST_COPY);

    ASSERT(response);
    if (res->content_type)
        MHD_add_response_header(response, "Content-Type", res->content_type);
    for (size_t i = 0; i < res->n_headers; i++) /* one with CR or LF is refused, and left out */
        MHD_add_response_header(response, res->headers[i].name, res->headers[i].value);
    if (r->server->draining)
        MHD_add_response_header(response, "Connection", "close");
    return response;
}

void http_request_answer(struct http_request *r, const struct http_response *res)
{
    struct http_server *server = r->server;
    struct MHD_Response *response = make_response(r, res);

    r->answered = true;
    MHD_queue_response(r->mhd, (unsigned)res->status, response);
    MHD_destroy_response(response);
    http_conn_phase(r->conn, HTTP_WRITING);
    if (r->suspended) {
        r->suspended = false;
        MHD_resume_connection(r->mhd);
        server->run_wanted = true;
    }
}

void http_respond(struct http_request *r, const struct http_response *res)
{
    r->owned = false;
    if (!r->conn)
        request_free(r); /* the client left long ago */
    else if (!r->answered)
        http_request_answer(r, res);
}

void http_response_header(struct http_response *res, const char *name, const char *value)
{
    ASSERT(res->n_headers < HTTP_HEADERS_MAX);
    res->headers[res->n_headers].name = name;
    res->headers[res->n_headers++].value = value;
}

const char *http_request_method(const struct http_request *r)
{
    return r->method;
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
    *len = r->body_len;
    return r->body ? r->body : "";
}

const char *http_request_peer(const struct http_request *r)
{
    return r->conn ? r->conn->peer : "";
}

void **http_request_data(struct http_request *r)
{
    return &r->data;
}
