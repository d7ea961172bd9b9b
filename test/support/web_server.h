/* web_server.h - a web server of a few pages, in a thread of its own, on 127.0.0.1. */
#ifndef TEST_SUPPORT_WEB_SERVER_H
#define TEST_SUPPORT_WEB_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { WEB_PAGES_MAX = 8, WEB_PAGE_MAX = 8192 };

struct web_page {
    char path[128];
    int status;         /* 0 = says nothing until the end */
    char location[128]; /* "" = none */
    char body[WEB_PAGE_MAX];
    size_t padding; /* blanks behind the body */
};

struct web_server {
    int fd, port;
    pthread_t thread;
    pthread_mutex_t lock; /* of the pages */
    struct web_page pages[WEB_PAGES_MAX];
    size_t n_pages;
    atomic_uint n; /* requests so far */
};

/** port 0 = a free one. */
void web_server_init(struct web_server *self, int port);
void web_server_fini(struct web_server *self);
/** Adds a page, or replaces it. Any thread. */
void web_server_page(struct web_server *self, const struct web_page *page);

#endif
