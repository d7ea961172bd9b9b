/* network_fuzz.c - any text as an address: its network is a text that is its own network. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/network.h"

enum { ADDRESS_MAX = 255 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char address[ADDRESS_MAX + 1] = "", network[NETWORK_TEXT_MAX + 1], again[NETWORK_TEXT_MAX + 1];

    memcpy(address, data, size < ADDRESS_MAX ? size : ADDRESS_MAX);
    network_of(address, network);
    ASSERT(strlen(network) <= NETWORK_TEXT_MAX);
    network_of(network, again);
    ASSERT(strcmp(again, network) == 0);
    return 0;
}
