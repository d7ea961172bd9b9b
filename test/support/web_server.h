/* web_server.h - a web server of a few pages, in a thread of its own, on 127.0.0.1. */
#ifndef TEST_SUPPORT_WEB_SERVER_H
#define TEST_SUPPORT_WEB_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { WEB_PAGES_MAX = 8, WEB_PAGE_MAX = 8192, WEB_REQUEST_MAX = 8192 };

struct web_page {
    char path[128];
    int status;         /* 0 = says nothing until the end, or closes */
    char location[128]; /* "" = none */
    char body[WEB_PAGE_MAX];
    size_t padding; /* blanks behind the body */
    bool keeps;     /* the connection is kept after the answer */
    bool closes;    /* with status 0: at once */
    bool stops;     /* nobody is let in any more, before it is answered or not */
};

struct web_server {
    int fd, port;
    pthread_t thread;
    pthread_mutex_t lock; /* of the pages */
    struct web_page pages[WEB_PAGES_MAX];
    size_t n_pages;
    atomic_uint n; /* requests so far */
    atomic_uint n_connections;
    atomic_int serving;                /* the connection; -1 = none */
    char request[WEB_REQUEST_MAX + 1]; /* the last one, head and body; of lock */
};

/** port 0 = a free one. */
void web_server_init(struct web_server *self, int port);
void web_server_fini(struct web_server *self);
/** Adds a page, or replaces it. GET and POST are answered alike. Any thread. */
void web_server_page(struct web_server *self, const struct web_page *page);
/** Copies the last request. Any thread. */
void web_server_request(struct web_server *self, char request[WEB_REQUEST_MAX + 1]);
/** Waits until there were so many requests; false when there are not after a minute. */
bool web_server_wait(struct web_server *self, unsigned n);

#endif
