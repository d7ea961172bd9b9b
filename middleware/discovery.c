/* discovery.c - see discovery.h. */
#include "middleware/discovery.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "middleware/issuer_url.h"
#include "tool/core/mem.h"

void discovery_url(const char *issuer, char url[DISCOVERY_URL_MAX + 1])
{
    static const char WELL_KNOWN[] = "/.well-known/openid-configuration";
    size_t len = strlen(issuer);

    if (len > 0 && issuer[len - 1] == '/')
        len--;
    snprintf(url, DISCOVERY_URL_MAX + 1, "%.*s%s", (int)len, issuer, WELL_KNOWN);
}

static const char *fault(const json_t *document, const char *issuer,
                         char keys_url[DISCOVERY_URL_MAX + 1])
{
    const char *named = json_string_value(json_object_get(document, "issuer"));
    const char *url = json_string_value(json_object_get(document, "jwks_uri"));

    if (!named)
        return "the document is no JSON object with an issuer";
    if (strcmp(named, issuer) != 0)
        return "the document is of another issuer";
    if (!url || !text_copy(keys_url, DISCOVERY_URL_MAX + 1, url))
        return "the document has no jwks_uri";
    if (!issuer_url_fits(url) || (issuer_url_is_plain(url) && !issuer_url_is_plain(issuer)))
        return "jwks_uri is no https:// address";
    return NULL;
}

bool discovery_read(const char *json, size_t len, const char *issuer,
                    char keys_url[DISCOVERY_URL_MAX + 1], char why[DISCOVERY_WHY_MAX + 1])
{
    json_t *document = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
    const char *wrong = fault(document, issuer, keys_url);

    snprintf(why, DISCOVERY_WHY_MAX + 1, "%s", wrong ? wrong : "");
    json_decref(document);
    return !wrong;
}
