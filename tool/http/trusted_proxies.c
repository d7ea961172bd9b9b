/* trusted_proxies.c - see trusted_proxies.h. */
#include "tool/http/trusted_proxies.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_BITS = 128, V4_BITS = 32, BITS_DIGITS = 3, TEXT_MAX = 63 };

static const char SEPARATORS[] = ", \t";

static const uint8_t V4_PREFIX[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* ---- addresses ---- */

static bool read_address(const char *text, uint8_t out[TRUSTED_ADDRESS_BYTES])
{
    if (inet_pton(AF_INET6, text, out) == 1)
        return true;
    memcpy(out, V4_PREFIX, sizeof(V4_PREFIX));
    return inet_pton(AF_INET, text, out + sizeof(V4_PREFIX)) == 1;
}

static void write_address(const uint8_t address[TRUSTED_ADDRESS_BYTES],
                          char out[CLIENT_ADDRESS_MAX + 1])
{
    bool v4 = memcmp(address, V4_PREFIX, sizeof(V4_PREFIX)) == 0;

    inet_ntop(v4 ? AF_INET : AF_INET6, address + (v4 ? sizeof(V4_PREFIX) : 0), out,
              CLIENT_ADDRESS_MAX + 1);
}

static bool bit_of(const uint8_t *address, unsigned i)
{
    return address[i / 8] >> (7 - i % 8) & 1;
}

static bool is_in(const struct trusted_network *network, const uint8_t *address)
{
    size_t whole = network->bits / 8;
    unsigned rest = network->bits % 8;

    if (memcmp(address, network->address, whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ network->address[whole]) >> (8 - rest) == 0;
}

static bool is_trusted(const struct trusted_proxies *self, const uint8_t *address)
{
    for (size_t i = 0; i < self->n; i++)
        if (is_in(&self->networks[i], address))
            return true;
    return false;
}

/* ---- the setting ---- */

static bool read_network(char *text, struct trusted_network *out)
{
    char *slash = strchr(text, '/'), *end;
    long most, bits;

    if (slash)
        *slash++ = '\0';
    if (!read_address(text, out->address))
        return false;
    bits = most = strchr(text, ':') ? ADDRESS_BITS : V4_BITS;
    if (slash) {
        bits = strtol(slash, &end, 10);
        if (slash[0] < '0' || slash[0] > '9' || *end || strlen(slash) > BITS_DIGITS || bits > most)
            return false;
    }
    out->bits = (unsigned)(bits + ADDRESS_BITS - most);
    for (unsigned i = out->bits; i < ADDRESS_BITS; i++)
        if (bit_of(out->address, i))
            return false;
    return true;
}

bool trusted_proxies_parse(const char *text, struct trusted_proxies *out)
{
    char word[TEXT_MAX + 1];

    out->n = 0;
    for (text += strspn(text, SEPARATORS); *text; text += strspn(text, SEPARATORS)) {
        size_t len = strcspn(text, SEPARATORS);

        if (len > TEXT_MAX || out->n == TRUSTED_PROXIES_MAX)
            return false;
        memcpy(word, text, len);
        word[len] = '\0';
        if (!read_network(word, &out->networks[out->n++]))
            return false;
        text += len;
    }
    return true;
}

const char *trusted_proxies_check(const void *text)
{
    struct trusted_proxies proxies;

    return trusted_proxies_parse(text, &proxies) ? NULL
                                                 : "is not a list of at most 16 addresses and "
                                                   "networks: 10.0.0.0/8, fd00::/8 is right";
}

/* ---- a request ---- */

/* What a hop says: an address, perhaps with a port: "1.2.3.4:5", "[::1]:5". */
static bool read_node(const struct forwarded_hop *hop, uint8_t out[TRUSTED_ADDRESS_BYTES])
{
    char word[TEXT_MAX + 1];
    char *start = word, *colon;

    if (hop->len > TEXT_MAX)
        return false;
    memcpy(word, hop->node, hop->len);
    word[hop->len] = '\0';
    colon = strchr(word, ':');
    if (word[0] == '[' && strchr(word, ']')) {
        start++;
        *strchr(word, ']') = '\0';
    } else if (colon && !strchr(colon + 1, ':')) {
        *colon = '\0';
    }
    return read_address(start, out);
}

bool trusted_proxies_client(const struct trusted_proxies *self, const char *peer,
                            const struct forwarded *forwarded, char out[CLIENT_ADDRESS_MAX + 1])
{
    uint8_t address[TRUSTED_ADDRESS_BYTES], next[TRUSTED_ADDRESS_BYTES];
    bool https = false;

    if (!read_address(peer, address)) {
        snprintf(out, CLIENT_ADDRESS_MAX + 1, "%s", peer);
        return false;
    }
    for (size_t n = forwarded->n; n > 0 && is_trusted(self, address); n--) {
        const struct forwarded_hop *hop = &forwarded->hops[n - 1];

        https = hop->https;
        if (!read_node(hop, next))
            break; /* "unknown" and the like: whoever wrote it is the last one we know */
        memcpy(address, next, sizeof(address));
    }
    write_address(address, out);
    return https;
}

bool trusted_proxies_hold(const struct trusted_proxies *self, const char *address)
{
    uint8_t bytes[TRUSTED_ADDRESS_BYTES];

    return read_address(address, bytes) && is_trusted(self, bytes);
}
