/* admin.c - the three pages of the admin listener. */
#include "tool/service/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/json_out.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/http/http_request.h"
#include "tool/http/http_response.h"
#include "tool/http/http_server.h"
#include "tool/service/address_file.h"

enum { BODY_MAX = 1024, HEAD_MAX = 8192, TIMEOUT_MS = 5000, CONNECTIONS_MAX = 32, PAGE_MAX = 2048 };

struct admin {
    struct admin_config config;
    struct http_server *server;
    char address[128];
};

void readiness_add(struct readiness *readiness, const char *name, bool up, const char *why)
{
    ASSERT(readiness->n < READINESS_MAX);
    readiness->checks[readiness->n].name = name;
    readiness->checks[readiness->n].up = up;
    readiness->checks[readiness->n++].why = why;
}

static void respond(struct http_request *r, int status, const char *type, const char *body,
                    size_t len)
{
    struct http_response res = {.status = status, .body = body, .len = len, .content_type = type};

    http_response_header(&res, "Cache-Control", "no-store");
    http_response_header(&res, "X-Content-Type-Options", "nosniff");
    if (status == 405)
        http_response_header(&res, "Allow", "GET, HEAD");
    http_respond(r, &res);
}

static void respond_text(struct http_request *r, int status, const char *text)
{
    respond(r, status, "text/plain; charset=utf-8", text, strlen(text));
}

static void livez(struct admin *admin, struct http_request *r)
{
    (void)admin;
    respond_text(r, 200, "alive\n");
}

static void readyz(struct admin *admin, struct http_request *r)
{
    struct readiness readiness = {.n = 0};
    char page[PAGE_MAX];
    struct json_out o;
    bool up = true;

    admin->config.ready(admin->config.arg, &readiness);
    for (size_t i = 0; i < readiness.n; i++)
        up = up && readiness.checks[i].up;
    json_out_init(&o, page, sizeof(page));
    json_out_open(&o, '{');
    json_out_member(&o, "status", up ? "up" : "down");
    json_out_key(&o, "checks");
    json_out_open(&o, '{');
    for (size_t i = 0; i < readiness.n; i++)
        json_out_member(&o, readiness.checks[i].name, readiness.checks[i].up ? "up" : "down");
    json_out_close(&o, '}');
    for (size_t i = 0; i < readiness.n && !up; i++) {
        if (readiness.checks[i].up)
            continue;
        json_out_member(&o, "why", readiness.checks[i].why);
        break;
    }
    json_out_close(&o, '}');
    ASSERT(!o.overflow);
    respond(r, up ? 200 : 503, "application/json", page, o.len);
}

static void metrics_page(struct admin *admin, struct http_request *r)
{
    size_t len;
    char *text = metrics_text(admin->config.metrics, &len);

    respond(r, 200, "text/plain; version=0.0.4; charset=utf-8", text, len);
    free(text);
}

static const struct {
    const char *path;
    void (*fn)(struct admin *admin, struct http_request *r);
} PAGES[] = {
    {"/livez",   livez       },
    {"/readyz",  readyz      },
    {"/metrics", metrics_page},
};

static void handle(void *arg, struct http_request *r)
{
    const char *method = http_request_method(r);

    for (size_t i = 0; i < ARRAY_LEN(PAGES); i++) {
        if (strcmp(http_request_path(r), PAGES[i].path) != 0)
            continue;
        if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
            PAGES[i].fn(arg, r);
        else
            respond_text(r, 405, "GET only\n");
        return;
    }
    respond_text(r, 404, "there are /livez, /readyz and /metrics\n");
}

static void refuse(void *arg, struct http_request *r, const struct problem *p)
{
    (void)arg;
    respond_text(r, status_http(p->status), p->detail);
}

struct admin *admin_create(const struct admin_config *config, const char **why)
{
    struct admin *admin = MEM_NEW(struct admin);
    const struct http_server_config http = {
        .listen = config->listen,
        .loop = config->loop,
        .clock = config->clock,
        .limits = {.head_max = HEAD_MAX, .body_max = BODY_MAX},
        .connections_max = CONNECTIONS_MAX,
        .head_timeout_ms = TIMEOUT_MS,
        .body_timeout_ms = TIMEOUT_MS,
        .handle = handle,
        .refuse = refuse,
        .arg = admin,
    };

    admin->config = *config;
    admin->server = http_server_create(&http, why);
    if (!admin->server)
        goto fail;
    address_of(config->listen, http_server_port(admin->server), admin->address,
               sizeof(admin->address));
    if (config->file[0] && !address_file_write(config->file, admin->address)) {
        *why = strerror(errno);
        goto fail;
    }
    log_info("admin listener", LOG_TEXT("address", admin->address));
    return admin;
fail:
    http_server_destroy(admin->server);
    free(admin);
    return NULL;
}

void admin_destroy(struct admin *admin)
{
    if (!admin)
        return;
    if (admin->config.file[0])
        unlink(admin->config.file);
    http_server_destroy(admin->server);
    free(admin);
}
