/* provider_fuzz.c - answers as a provider, or somebody in its place, writes them. */
#include <stdint.h>
#include <string.h>

#include "protocol/provider.h"
#include "tool/core/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_sound(const struct provider_entry *entry)
{
    return (entry->outcome.state == PROVIDER_DONE || entry->outcome.state == PROVIDER_DECLINED) &&
           memchr(entry->operation.key, '\0', sizeof(entry->operation.key)) &&
           memchr(entry->outcome.reason, '\0', sizeof(entry->outcome.reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct provider_page page;
    const char *json = (const char *)data;
    struct problem problem = {.status = ST_OK};
    struct provider_entry entry;

    if (decode_lenient(PROVIDER_FIND.reply, json, size, &entry, &problem) == ST_OK)
        ASSERT(is_sound(&entry));
    if (decode_lenient(PROVIDER_BOOK.reply, json, size, &page, &problem) == ST_OK) {
        ASSERT(page.n_items <= PROVIDER_PAGE_MAX);
        for (size_t i = 0; i < page.n_items; i++)
            ASSERT(is_sound(&page.items[i]));
    }
    return 0;
}
