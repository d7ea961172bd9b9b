/* security_headers.c - see security_headers.h. */
#include "cmd/gateway/security_headers.h"

#include <string.h>
#include <strings.h>

#include "tool/core/header.h"

static const char POLICY[] = "Content-Security-Policy";

/* For a browser that is made to open or embed an answer: what is not a page is data. */
static const char DATA_POLICY[] =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/* A page, or what it runs. */
static bool has_policy(const struct http_response *res)
{
    for (size_t i = 0; i < res->n_headers; i++)
        if (strcmp(res->headers[i].name, POLICY) == 0)
            return true;
    return false;
}

static void add(struct http_response *res, const char *name, const char *value)
{
    if (value[0])
        http_response_header(res, name, value);
}

void security_headers_add(const struct security_headers *self, bool https,
                          struct http_response *res)
{
    http_response_header(res, "X-Content-Type-Options", "nosniff");
    if (!has_policy(res))
        http_response_header(res, POLICY, DATA_POLICY);
    if (https)
        add(res, "Strict-Transport-Security", self->hsts);
    add(res, "Referrer-Policy", self->referrer_policy);
    add(res, "Permissions-Policy", self->permissions_policy);
    add(res, "Cross-Origin-Opener-Policy", self->opener_policy);
    add(res, "Cross-Origin-Resource-Policy", self->resource_policy);
}

const char *security_header_check(const void *text)
{
    const char *value = text;

    return !*value || header_is_printable(value, SECURITY_HEADER_MAX)
               ? NULL
               : "is not a header's value: printable ASCII is right";
}

const char *security_hsts_check(const void *text)
{
    static const char AGE[] = "max-age=";
    const char *value = text;
    size_t digits = strncasecmp(value, AGE, sizeof(AGE) - 1) == 0
                        ? strspn(value + sizeof(AGE) - 1, "0123456789")
                        : 0;
    char after = digits ? value[sizeof(AGE) - 1 + digits] : 'x';

    if (*value && (digits == 0 || (after && after != ';')))
        return "does not begin with max-age=SECONDS: max-age=31536000; includeSubDomains is right";
    return security_header_check(text);
}
