/* http_internal.h - what the files of this layer share; for them only. */
#ifndef TOOL_HTTP_HTTP_INTERNAL_H
#define TOOL_HTTP_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>

#include "tool/core/loop_timer.h"
#include "tool/http/http_reader.h"
#include "tool/http/http_request.h"
#include "tool/http/http_response.h"
#include "tool/http/http_server.h"

enum {
    HTTP_SWEEP_MS = 250,
    HTTP_GONE_CHECK_MS = 500,  /* between two looks for clients that left */
    HTTP_GONE_AFTER_MS = 2000, /* younger requests are not looked at: a half-closed client gets
                                  most answers this way */
    HTTP_FLUSH_MS = 500,       /* for last answers, in http_server_destroy */
    HTTP_HANDSHAKE_MS = 100,   /* for who is connecting when a drain begins: some round trips */
    HTTP_STARVED_MS = 100,     /* until it is tried again whether there is a descriptor */
    HTTP_GRACE_MS = 1000,      /* a drain waits for requests still on their way */
    HTTP_LINGER_MS = 5000,     /* of reading what a refused client still sends */
    HTTP_LINGER_BYTES = 64 << 20,
    HTTP_LINGER_STEP = 1 << 20,
    HTTP_LINGER_MAX = 128,    /* connections: then the oldest has to go */
    HTTP_CROWD = 100,         /* connections whose memory is worth giving back */
    HTTP_RECEIVE_SIZE = 8192, /* bytes at a time */
};

/* What a connection does, and so which limit of time holds for it. */
enum http_phase { HTTP_IDLE, HTTP_HEAD, HTTP_BODY, HTTP_WAITING, HTTP_WRITING, HTTP_STREAMING };

struct http_conn {
    struct http_conn *next, **prev;
    struct http_conn *next_due, **prev_due; /* prev_due NULL = not due, see http_due.h */
    struct http_server *server;
    struct MHD_Connection *mhd;
    int fd;
    enum http_phase phase;
    int64_t phase_since_ms;
    struct http_wire wire;
    struct http_request *reading; /* not yet whole; or answered, and for libmicrohttpd to end */
    struct http_request *request; /* handed over, or being ended by it; NULL between two */
    char *held;                   /* received behind a whole request; NULL = nothing */
    uint32_t held_at, held_len;
    bool drained;  /* the socket had no more when it was last asked */
    bool may_end;  /* ... but what came may have been all: no event will say so */
    bool resumed;  /* libmicrohttpd will read without an event */
    bool unwanted; /* closed as soon as it is read */
    bool refused;  /* the last answer went out with bytes unread: close gently */
    bool served;   /* a request of it has ended */
    char peer[INET6_ADDRSTRLEN];
};

struct http_linger {
    struct http_linger *next, **prev;
    struct http_server *server;
    int fd;
    int64_t until_ms;
    size_t left;
};

struct http_request {
    struct http_server *server;
    struct http_conn *conn;     /* NULL once libmicrohttpd has forgotten the request */
    struct MHD_Connection *mhd; /* while libmicrohttpd knows it */
    void *data;
    bool begun, suspended; /* by libmicrohttpd */
    bool answered;
    bool closes;        /* the connection, once it is answered */
    bool owned;         /* handed to handle(), not yet answered or gone */
    bool told_to_go_on; /* 100 Continue has been said */
    char *query;        /* of path, in the reader's head, like path */
    const char *path;
    struct http_reader in;
    char *out; /* the answer, head and body; NULL = none yet, or a stream */
    size_t out_len, out_at;
    struct http_stream *stream; /* NULL = answered at once */
};

struct http_server {
    struct http_server_config config;
    struct MHD_Daemon *daemon;
    int listener; /* -1 = closed */
    int port;
    bool begun;      /* clients are let in */
    bool run_wanted; /* libmicrohttpd has an event or an answer to work on */
    bool handed_on;  /* a request waits since this turn: the owner may have messages to write */
    struct http_conn *due;
    bool draining, stopping;
    int64_t draining_since_ms;
    struct loop_timer handshakes, starved;
    unsigned n_conns, n_waiting, n_streaming, n_may_end;
    unsigned peak; /* most connections since it had none */
    struct http_conn *conns;
    struct http_conn **by_fd; /* for descriptors below n_fds */
    size_t n_fds;
    struct http_bounds bounds;
    struct MHD_Response *stand_ins[2]; /* of answers; the second closes */
    int64_t date_s;
    char date[32]; /* of that second; "" = none yet */
    unsigned n_lingers;
    struct http_linger *lingers;
    struct loop_timer sweep;
    bool sweep_set;
    int64_t gone_check_ms;
    struct pollfd *pollfds; /* room for the gone check */
    struct http_conn **polled;
    size_t pollfds_size;
};

/* http_request.c: the callbacks of libmicrohttpd that end requests */
void *http_on_target(void *server, const char *target, struct MHD_Connection *mhd);
enum MHD_Result http_on_request(void *server, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *data_len, void **request);
void http_on_completed(void *server, struct MHD_Connection *mhd, void **request,
                       enum MHD_RequestTerminationCode why);
struct http_request *http_request_create(struct http_conn *conn);
void http_request_free(struct http_request *r);
/** What conn has read is handed over, or refused. False: it cannot go on. */
bool http_request_begin(struct http_conn *conn);
/** Its connection is done with it, or gone. */
void http_request_over(struct http_request *r);
/** Takes the request from its owner: gone() is told; without gone() the owner's answer will be
 * dropped. */
void http_request_disown(struct http_request *r);
/** Sends as much of the answer as goes at once, whoever owns the request. */
void http_request_answer(struct http_request *r, const struct http_response *res);
/** http_stream.c: for libmicrohttpd to ask for it piece by piece. */
enum MHD_Result http_stream_queue(struct http_request *r);
/** The client of a stream is gone, nothing more is sent. */
void http_stream_cut(struct http_request *r);
/** NULL is fine. */
void http_stream_free(struct http_stream *stream);
/** Lets the owner's refuse() answer. False when it did not. */
bool http_request_refuse(struct http_request *r, enum status st, const char *why);

#endif
