/* gtid_fuzz.c - no text makes its reader read astray; what is taken is written as it is read. */
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/dbc/gtid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), buf[GTID_TEXT_MAX + 1];
    struct gtid_position position, again;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (gtid_read(text, &position)) {
        ASSERT(gtid_read(gtid_text(&position, buf), &again));
        ASSERT(gtid_covers(&position, &again) && gtid_covers(&again, &position));
    }
    free(text);
    return 0;
}
