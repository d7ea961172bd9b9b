/* http_stream.c - see http_stream.h. libmicrohttpd asks for the next piece when it has sent the one
 * before, and is put to sleep while there is none. Instead of its head ours is sent. */
#include "tool/http/http_stream.h"

#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/http/http_answer.h"
#include "tool/http/http_conn.h"
#include "tool/http/http_due.h"

enum { BLOCK = 1024 };

struct http_stream {
    struct MHD_Response *response; /* until it is queued */
    char *piece;                   /* NULL = all is taken */
    size_t len, at;
    bool ended; /* no more will come */
    bool cut;   /* the client is gone */
};

static ssize_t take(struct http_stream *s, char *buf, size_t max)
{
    size_t n = s->len - s->at < max ? s->len - s->at : max;

    memcpy(buf, s->piece + s->at, n);
    s->at += n;
    if (s->at == s->len) {
        free(s->piece);
        s->piece = NULL;
    }
    return (ssize_t)n;
}

static ssize_t on_read(void *arg, uint64_t pos, char *buf, size_t max)
{
    struct http_request *r = arg;
    struct http_stream *s = r->stream;

    (void)pos;
    if (s->cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (s->piece)
        return take(s, buf, max);
    if (s->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    r->suspended = true;
    http_conn_phase(r->conn, HTTP_STREAMING);
    MHD_suspend_connection(r->mhd);
    return 0;
}

static void go_on(struct http_request *r)
{
    http_conn_phase(r->conn, HTTP_WRITING);
    if (!r->suspended)
        return;
    r->suspended = false;
    MHD_resume_connection(r->mhd);
    r->server->run_wanted = true;
}

void http_stream_begin(struct http_request *r, const struct http_response *head)
{
    struct http_stream *s = MEM_NEW(struct http_stream);

    ASSERT(r->conn);
    r->stream = s;
    s->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, r, NULL);
    ASSERT(s->response);
    if (r->server->draining)
        MHD_add_response_header(s->response, "Connection", "close");
    http_answer_write_stream(r, head);
    r->answered = true;
    go_on(r);
    http_due_add(r->conn);
}

enum MHD_Result http_stream_queue(struct http_request *r)
{
    struct http_stream *s = r->stream;
    enum MHD_Result queued;

    if (!s->response)
        return MHD_NO; /* it could not be queued before: nothing but closing is left */
    queued = MHD_queue_response(r->mhd, MHD_HTTP_OK, s->response);
    MHD_destroy_response(s->response);
    s->response = NULL;
    return queued;
}

bool http_stream_tell(struct http_request *r, const char *data, size_t len)
{
    struct http_stream *s = r->stream;

    ASSERT(len > 0);
    if (s->piece)
        return false;
    s->piece = mem_alloc(1, len);
    memcpy(s->piece, data, len);
    s->len = len;
    s->at = 0;
    go_on(r);
    return true;
}

void http_stream_end(struct http_request *r)
{
    r->stream->ended = true;
    r->owned = false;
    go_on(r);
}

void http_stream_cut(struct http_request *r)
{
    r->stream->cut = true;
    go_on(r);
}

void http_stream_free(struct http_stream *s)
{
    if (!s)
        return;
    if (s->response)
        MHD_destroy_response(s->response);
    free(s->piece);
    free(s);
}
