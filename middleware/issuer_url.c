/* issuer_url.c - see issuer_url.h. */
#include "middleware/issuer_url.h"

#include <string.h>

#include "tool/core/mem.h"

static const char HTTPS[] = "https://", HTTP[] = "http://";

/* What stands behind the scheme; NULL when it is another. */
static const char *behind(const char *url, const char *scheme)
{
    size_t len = strlen(scheme);

    return strncmp(url, scheme, len) == 0 ? url + len : NULL;
}

static bool port_fits(const char *text)
{
    size_t digits = *text == ':' ? strspn(text + 1, "0123456789") : 0;

    text += *text == ':' ? digits + 1 : 0;
    return digits <= 5 && strchr("/?", *text) != NULL;
}

static bool is_loopback(const char *host)
{
    static const char *const NAMES[] = {"127.0.0.1", "[::1]", "localhost"};

    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        const char *rest = behind(host, NAMES[i]);

        if (rest && port_fits(rest))
            return true;
    }
    return false;
}

static bool is_host(const char *host)
{
    size_t len = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    if (*host == '[') {
        len = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
        len = host[len] == ']' && len > 1 ? len + 1 : 0;
    }
    return len > 0 && port_fits(host + len);
}

bool issuer_url_is_plain(const char *url)
{
    const char *host = behind(url, HTTP);

    return host && is_loopback(host);
}

bool issuer_url_fits(const char *url)
{
    const char *host = behind(url, HTTPS);

    for (const char *at = url; *at; at++)
        if (*at <= ' ' || *at > '~' || strchr("#\"<>\\^`{|}", *at))
            return false;
    return issuer_url_is_plain(url) || (host && is_host(host));
}
