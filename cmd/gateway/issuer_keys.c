/* issuer_keys.c - see issuer_keys.h. */
#include "cmd/gateway/issuer_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "middleware/discovery.h"
#include "middleware/issuer_url.h"
#include "tool/core/mem.h"
#include "tool/fetch/fetch.h"

enum { DISCOVERY_MAX = 65536, TIMEOUT_MS = 5000 };

static bool get(const struct issuer *issuer, const atomic_bool *stop, const char *url,
                size_t size_max, char **body, size_t *len, char why[ISSUER_WHY_MAX + 1])
{
    const struct fetch_rule rule = {.size_max = size_max,
                                    .timeout_ms = TIMEOUT_MS,
                                    .plain = issuer_url_is_plain(url),
                                    .ca = issuer->ca,
                                    .stop = stop};
    char trouble[FETCH_WHY_MAX + 1];
    bool ok = fetch_get(url, &rule, body, len, trouble);

    if (!ok)
        snprintf(why, ISSUER_WHY_MAX + 1, "%.*s: %s", ISSUER_TEXT_MAX, url, trouble);
    return ok;
}

static bool discover(const struct issuer *issuer, const atomic_bool *stop,
                     char keys_url[DISCOVERY_URL_MAX + 1], char why[ISSUER_WHY_MAX + 1])
{
    char url[DISCOVERY_URL_MAX + 1], trouble[DISCOVERY_WHY_MAX + 1], *body = NULL;
    size_t len = 0;
    bool ok;

    discovery_url(issuer->name, url);
    if (!get(issuer, stop, url, DISCOVERY_MAX, &body, &len, why))
        return false;
    ok = discovery_read(body, len, issuer->name, keys_url, trouble);
    if (!ok)
        snprintf(why, ISSUER_WHY_MAX + 1, "%.*s: %s", ISSUER_TEXT_MAX, url, trouble);
    free(body);
    return ok;
}

static bool read_file(const char *path, char **body, size_t *len, char why[ISSUER_WHY_MAX + 1])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;

    *body = mem_alloc(1, JWK_JSON_MAX + 1);
    if (fd >= 0)
        n = read(fd, *body, JWK_JSON_MAX + 1);
    if (n < 0) {
        snprintf(why, ISSUER_WHY_MAX + 1, "%s: %s", path, strerror(errno));
        free(*body);
    } else {
        *len = (size_t)n;
    }
    if (fd >= 0)
        close(fd);
    return n >= 0;
}

static bool load(const struct issuer *issuer, const atomic_bool *stop, char **body, size_t *len,
                 char why[ISSUER_WHY_MAX + 1])
{
    char keys_url[DISCOVERY_URL_MAX + 1];

    if (!issuer_is_remote(issuer))
        return read_file(issuer->keys, body, len, why);
    if (issuer->keys[0])
        return get(issuer, stop, issuer->keys, JWK_JSON_MAX, body, len, why);
    return discover(issuer, stop, keys_url, why) &&
           get(issuer, stop, keys_url, JWK_JSON_MAX, body, len, why);
}

struct jwk_set *issuer_keys_fetch(const struct issuer *issuer, const atomic_bool *stop,
                                  char why[ISSUER_WHY_MAX + 1])
{
    char trouble[JWK_WHY_MAX + 1], *body = NULL;
    struct jwk_set *keys;
    size_t len = 0;

    why[0] = '\0';
    if (!load(issuer, stop, &body, &len, why))
        return NULL;
    keys = jwk_set_parse(body, len, trouble);
    if (!keys)
        snprintf(why, ISSUER_WHY_MAX + 1, "%s", trouble);
    free(body);
    return keys;
}
