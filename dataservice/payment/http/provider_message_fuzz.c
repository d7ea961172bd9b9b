/* provider_message_fuzz.c - answers as a provider, or somebody in its place, writes them. */
#include <string.h>

#include "dataservice/payment/http/provider_message.h"
#include "tool/core/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct provider_entry entries[PROVIDER_PAGE_MAX];
    struct provider_outcome out = {.state = -1};
    const char *why = NULL, *json = (const char *)data;
    size_t n = PROVIDER_PAGE_MAX + 1;
    bool read = provider_message_read(json, size, "k1", NULL, &out, &why);

    ASSERT(read == (why == NULL) && read == (out.state != -1));
    if (read)
        ASSERT((out.state == PROVIDER_DONE || out.state == PROVIDER_DECLINED) &&
               memchr(out.reason, '\0', sizeof(out.reason)));
    read = provider_message_read_book(json, size, entries, 2, &n, &why);
    ASSERT(read == (why == NULL) && read == (n <= 2));
    (void)provider_message_is_unknown(json, size);
    return 0;
}
