/* trusted_proxies_fuzz.c - any setting, any peer, any headers: an address, or the peer. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/http/trusted_proxies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line each: the setting, then header after header, of either kind by turns. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_alloc(1, size + 1), *rest = text, *setting;
    struct forwarded forwarded = {.n = 0};
    char client[CLIENT_ADDRESS_MAX + 1];
    struct trusted_proxies proxies;
    struct in6_addr address;
    bool standard = false;

    memcpy(text, data, size);
    setting = strsep(&rest, "\n");
    for (; rest; standard = !standard)
        (standard ? forwarded_add : forwarded_add_x)(&forwarded, strsep(&rest, "\n"));
    for (size_t i = 0; i < forwarded.n; i++)
        ASSERT(forwarded.hops[i].len == 0 ||
               (forwarded.hops[i].node >= text &&
                forwarded.hops[i].node + forwarded.hops[i].len <= text + size));
    if (!trusted_proxies_parse(setting, &proxies))
        ASSERT(trusted_proxies_parse("0.0.0.0/0, ::/0", &proxies));
    trusted_proxies_client(&proxies, "10.0.0.1", &forwarded, client);
    ASSERT(inet_pton(AF_INET, client, &address) == 1 || inet_pton(AF_INET6, client, &address) == 1);
    trusted_proxies_client(&proxies, setting, &forwarded, client);
    ASSERT(strlen(client) <= CLIENT_ADDRESS_MAX);
    free(text);
    return 0;
}
