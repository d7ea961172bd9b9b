/* http_due.c - see http_due.h. */
#include "tool/http/http_due.h"

#include <errno.h>

#include "tool/http/http_receive.h"

void http_due_add(struct http_conn *conn)
{
    struct http_server *server = conn->server;

    if (conn->prev_due)
        return;
    conn->next_due = server->due;
    conn->prev_due = &server->due;
    if (conn->next_due)
        conn->next_due->prev_due = &conn->next_due;
    server->due = conn;
}

void http_due_remove(struct http_conn *conn)
{
    if (!conn->prev_due)
        return;
    *conn->prev_due = conn->next_due;
    if (conn->next_due)
        conn->next_due->prev_due = conn->prev_due;
    conn->prev_due = NULL;
}

bool http_due_settle(struct http_conn *conn)
{
    struct http_request *r = conn->request;

    if (!r->stream && !r->closes && r->out_at == r->out_len) {
        http_request_over(r);
        return true;
    }
    conn->request = NULL;
    conn->reading = r;
    return false;
}

/* Without an event the library only reads from a connection that is resumed. */
static void make_it_read(struct http_conn *conn)
{
    if (conn->resumed)
        return;
    conn->resumed = true;
    MHD_suspend_connection(conn->mhd);
    MHD_resume_connection(conn->mhd);
    conn->server->run_wanted = true;
}

static void look_at(struct http_conn *conn)
{
    if (conn->request && !http_due_settle(conn))
        make_it_read(conn);
    else if (!conn->reading && http_conn_has_more(conn) && http_conn_take(conn) <= 0 &&
             errno != EAGAIN)
        make_it_read(conn); /* it finds the end that we have found */
}

void http_due_run(struct http_server *server)
{
    struct http_conn *due = server->due;

    if (!due)
        return;
    server->due = NULL; /* who becomes due meanwhile waits for another turn: nobody keeps us here */
    due->prev_due = &due;
    while (due) {
        struct http_conn *conn = due;

        http_due_remove(conn);
        look_at(conn);
    }
}
