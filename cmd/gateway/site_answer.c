/* site_answer.c - see site_answer.h. */
#include "cmd/gateway/site_answer.h"

#include <stdio.h>
#include <string.h>

#include "cmd/gateway/security_headers.h"
#include "middleware/field_value.h"
#include "tool/http/http_request.h"

static bool asks(const struct asked *asked, const char *field, const char *word)
{
    char list[HTTP_LIST_MAX];

    return field_accepts(http_request_list(asked->http, field, list, sizeof(list)), word);
}

static const struct site_body *choose_form(const struct site_file *file, const struct asked *asked,
                                           enum site_form *form)
{
    for (*form = 0; *form < SITE_PLAIN; (*form)++)
        if (file->forms[*form].data && asks(asked, "Accept-Encoding", site_form_name(*form)))
            break;
    return &file->forms[*form];
}

static void add_cache(struct answer *a, const struct site_row *row)
{
    int seconds = row ? row->cache.seconds : 0;
    const char *whose = row && row->cache.who == CACHE_ONE ? "private" : "public";

    if (row && row->cache.who == CACHE_NOBODY)
        snprintf(a->cache, sizeof(a->cache), "no-store");
    else if (seconds == 0)
        snprintf(a->cache, sizeof(a->cache), "%s, no-cache", whose);
    else
        snprintf(a->cache, sizeof(a->cache), "%s, max-age=%d%s", whose, seconds,
                 seconds == SITE_FOR_EVER_S ? ", immutable" : "");
    http_response_header(&a->res, "Cache-Control", a->cache);
}

static void write_file(struct answer *a, const struct asked *asked, const struct site_file *file,
                       const char *policy)
{
    char list[HTTP_LIST_MAX];
    enum site_form form;
    const struct site_body *body = choose_form(file, asked, &form);
    bool known = field_names_etag(
        http_request_list(asked->http, "If-None-Match", list, sizeof(list)), body->etag);

    answer_begin(a, known ? 304 : 200, file->type);
    a->res.body = body->data;
    a->res.len = body->len;
    http_response_header(&a->res, "ETag", body->etag);
    if (file->varies)
        answer_vary(a, "Accept-Encoding");
    if (form != SITE_PLAIN)
        http_response_header(&a->res, "Content-Encoding", site_form_name(form));
    if (file->runs)
        http_response_header(&a->res, "Content-Security-Policy", policy);
}

/* Where the page of a folder is: what it names beside itself would not be found from where it is
 * asked for. */
static void write_way(struct answer *a, const struct asked *asked, const struct site_file *page)
{
    const char *query = http_request_query(asked->http);
    const int len = (int)(strrchr(page->path, '/') + 1 - page->path);
    const size_t size = sizeof(a->location);

    answer_begin(a, 308, NULL);
    if (!query || snprintf(a->location, size, "%.*s?%s", len, page->path, query) >= (int)size)
        snprintf(a->location, size, "%.*s", len, page->path);
    http_response_header(&a->res, "Location", a->location);
}

enum site_verdict site_answer(struct answer *a, const struct asked *asked, const struct site *site,
                              const struct route_table *routes, const char *policy)
{
    const char *path = http_request_path(asked->http), *method = http_request_method(asked->http);
    bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    const struct site_row *row;
    const struct site_file *file, *page;

    if (!site)
        return SITE_NOTHING;
    row = site_row_of(routes, path);
    file = site_find(site, path);
    if (file && !reads)
        return SITE_OTHER_METHOD;
    page = file || !reads ? NULL : site_find_folder(site, path);
    if (page && strlen(page->path) <= LOCATION_MAX) {
        write_way(a, asked, page);
        add_cache(a, row);
        return SITE_ANSWERED;
    }
    if (!file && reads && asks(asked, "Accept", "text/html"))
        file = site_fallback(site, row);
    if (!file)
        return SITE_NOTHING;
    write_file(a, asked, file, policy);
    add_cache(a, row);
    return SITE_ANSWERED;
}

const char *site_policy_check(const void *text)
{
    return *(const char *)text ? security_header_check(text)
                               : "is empty: default-src 'self' is right, or more";
}
