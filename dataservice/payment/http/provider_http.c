/* provider_http.c - see provider_http.h. */
#include "dataservice/payment/http/provider_http.h"

#include <stdio.h>
#include <string.h>

#include "dataservice/payment/http/provider_asking.h"
#include "dataservice/payment/http/provider_message.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

#define OPERATIONS_PATH "/v1/operations"
#define BOOK_PATH "/v1/book"
enum { REPLY_MAX = 8192, BOOK_REPLY_MAX = 128 * 1024, PATH_SIZE = 128 };

static const char WRONG_STATUS[] = "its status is of no such answer";

struct provider_http {
    struct payment_provider base;
    struct provider_asking asking;
};

static enum status http_ask(struct payment_provider *base, const struct call *call,
                            const struct provider_operation *operation,
                            struct provider_outcome *out)
{
    struct provider_http *self = container_of(base, struct provider_http, base);
    char body[PROVIDER_MESSAGE_MAX + 1];
    size_t len = provider_message_write(operation, body);
    struct fetch_answer answer = {.status = 0};
    const char *why = WRONG_STATUS;
    enum status st = provider_asking_once(&self->asking, call, operation->kind, OPERATIONS_PATH,
                                          body, len, REPLY_MAX, &answer);

    if (st == ST_OK &&
        ((answer.status != 200 && answer.status != 201) ||
         !provider_message_read(answer.body, answer.len, operation->key, operation, out, &why)))
        st = provider_asking_puzzled(call, operation->kind, &answer, why);
    free(answer.body);
    return provider_asking_count(&self->asking, operation->kind, st, out);
}

static enum status http_find(struct payment_provider *base, const struct call *call,
                             const char *key, struct provider_outcome *out)
{
    struct provider_http *self = container_of(base, struct provider_http, base);
    struct fetch_answer answer = {.status = 0};
    const char *why = WRONG_STATUS;
    char path[PATH_SIZE];
    enum status st;

    snprintf(path, sizeof(path), OPERATIONS_PATH "/%s", key);
    st =
        provider_asking_once(&self->asking, call, PROVIDER_FIND, path, NULL, 0, REPLY_MAX, &answer);
    if (st == ST_OK && answer.status == 404 && provider_message_is_unknown(answer.body, answer.len))
        st = ST_NOT_FOUND;
    else if (st == ST_OK && (answer.status != 200 ||
                             !provider_message_read(answer.body, answer.len, key, NULL, out, &why)))
        st = provider_asking_puzzled(call, PROVIDER_FIND, &answer, why);
    free(answer.body);
    return provider_asking_count(&self->asking, PROVIDER_FIND, st, out);
}

/* One page of at most PROVIDER_PAGE_MAX. */
static enum status read_page(struct provider_http *self, const struct call *call, const char *after,
                             struct provider_entry *entries, size_t max, size_t *n)
{
    struct fetch_answer answer = {.status = 0};
    const char *why = WRONG_STATUS;
    char path[PATH_SIZE];
    enum status st;

    snprintf(path, sizeof(path), BOOK_PATH "?limit=%zu%s%s", max, after[0] ? "&after=" : "", after);
    st = provider_asking_once(&self->asking, call, PROVIDER_BOOK, path, NULL, 0, BOOK_REPLY_MAX,
                              &answer);
    if (st == ST_OK && answer.status == 404 && provider_message_is_unknown(answer.body, answer.len))
        st = ST_NOT_FOUND;
    else if (st == ST_OK &&
             (answer.status != 200 ||
              !provider_message_read_book(answer.body, answer.len, entries, max, n, &why)))
        st = provider_asking_puzzled(call, PROVIDER_BOOK, &answer, why);
    free(answer.body);
    return provider_asking_count(&self->asking, PROVIDER_BOOK, st, NULL);
}

static enum status http_book(struct payment_provider *base, const struct call *call,
                             const char *after, struct provider_entry *entries, size_t max,
                             size_t *n)
{
    struct provider_http *self = container_of(base, struct provider_http, base);
    size_t found = 0, got, wanted;
    enum status st;

    do {
        wanted = max - found < PROVIDER_PAGE_MAX ? max - found : PROVIDER_PAGE_MAX;
        st = read_page(self, call, found > 0 ? entries[found - 1].operation.key : after,
                       entries + found, wanted, &got);
        found += st == ST_OK ? got : 0;
    } while (st == ST_OK && got == wanted && found < max);
    if (st == ST_OK)
        *n = found;
    return st;
}

static void http_destroy(struct payment_provider *base)
{
    struct provider_http *self;

    if (!base)
        return;
    self = container_of(base, struct provider_http, base);
    provider_asking_fini(&self->asking);
    free(self);
}

static const struct payment_provider_ops HTTP_OPS = {
    .ask = http_ask,
    .find = http_find,
    .book = http_book,
    .destroy = http_destroy,
};

const char *provider_http_url_check(const void *text)
{
    const char *url = text, *host = NULL;

    if (strncmp(url, "http://", 7) == 0)
        host = url + 7;
    else if (strncmp(url, "https://", 8) == 0)
        host = url + 8;
    if (!host || strcspn(host, "/") == 0)
        return "must be http://HOST:PORT or https://HOST";
    if (strpbrk(url, " ?#@") || url[strlen(url) - 1] == '/')
        return "must have no user, no query, and no slash at its end";
    return NULL;
}

struct payment_provider *provider_http_create(const struct provider_http_config *config)
{
    struct provider_http *self = MEM_NEW(struct provider_http);

    ASSERT(!provider_http_url_check(config->url) && strlen(config->url) <= PROVIDER_URL_MAX);
    self->base.ops = &HTTP_OPS;
    provider_asking_init(&self->asking, config);
    return &self->base;
}
