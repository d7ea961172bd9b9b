/* row_image_fuzz.c - no table map and no row image makes its reader read astray: a byte of how many
 * columns, their types, a byte of how much about them, that, and rows. */
#include <stdlib.h>
#include <string.h>

#include "tool/dbc/row_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t seen;

static void read_rows(const struct row_layout *layout, const uint8_t *at, const uint8_t *end)
{
    struct row_value values[ROW_COLUMNS_MAX];

    while (at < end && layout->n > 0 && row_image_read(layout, &at, end, values))
        for (size_t i = 0; i < layout->n; i++)
            for (size_t k = 0; k < values[i].len; k++)
                seen ^= (uint8_t)values[i].text[k];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n = size > 0 ? data[0] : 0, meta_len = size > n + 1 ? data[n + 1] : 0;
    size_t head = n + 2 + meta_len;
    struct row_layout layout;
    uint8_t *rows;

    if (size < head)
        return 0;
    rows = malloc(size - head + 1); /* exactly as long as they are: one byte too far is seen */
    if (rows && row_layout_read(&layout, data + 1, n, data + n + 2, meta_len)) {
        memcpy(rows + 1, data + head, size - head);
        read_rows(&layout, rows + 1, rows + 1 + size - head);
    }
    free(rows);
    return 0;
}
