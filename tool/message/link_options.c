/* link_options.c - see link_options.h. */
#include "tool/message/link_options.h"

#include <string.h>

#include "tool/core/mem.h"

enum { SERVERS_MAX = 16 };

static natsStatus set_servers(natsOptions *o, const char *urls)
{
    const char *list[SERVERS_MAX];
    char *copy = mem_strdup(urls), *rest = NULL;
    natsStatus s;
    int n = 0;

    for (char *url = strtok_r(copy, ", ", &rest); url && n < SERVERS_MAX;
         url = strtok_r(NULL, ", ", &rest))
        list[n++] = url;
    s = natsOptions_SetServers(o, list, n);
    free(copy);
    return s;
}

/* The library takes tls:// for nats://, and would send the password in clear. */
static natsStatus set_tls(natsOptions *o, const struct link_config *config)
{
    natsStatus s = NATS_OK;

    if (config->tls_ca || strstr(config->url, "tls://"))
        s = natsOptions_SetSecure(o, true);
    if (s == NATS_OK && config->tls_ca)
        s = natsOptions_LoadCATrustedCertificates(o, config->tls_ca);
    return s;
}

natsStatus link_options_set(natsOptions *o, const struct link_config *config)
{
    natsStatus s = set_servers(o, config->url);

    if (s == NATS_OK && config->name)
        s = natsOptions_SetName(o, config->name);
    if (s == NATS_OK && config->user)
        s = natsOptions_SetUserInfo(o, config->user, config->password);
    if (s == NATS_OK)
        s = set_tls(o, config);
    return s;
}
