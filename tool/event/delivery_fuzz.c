/* delivery_fuzz.c - no subject and no headers make their reader read astray. The input is lines:
 * the subject, then a value a header. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/uuid.h"
#include "tool/event/delivery.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(char *text, size_t size)
{
    struct delivery d = {.subject = text, .data = text, .len = size, .stream_seq = size};
    char type[EVENT_NAME_MAX + 1] = "";
    struct event event = {0};
    unsigned partition;

    for (size_t i = 0; text && i <= DELIVERY_HEADERS; i++) {
        const char *value = strsep(&text, "\n");
        if (i > 0)
            *(const char **)(void *)((char *)&d + DELIVERY_HEADER_ROWS[i - 1].offset) = value;
    }
    ASSERT(!delivery_subject(d.subject, type, &partition) || partition < 100);
    delivery_read(&d, type, &event);
    ASSERT(!uuid_is_nil(event.id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exactly as long as it is: one byte too far is seen */

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    read_all(text, size);
    free(text);
    return 0;
}
