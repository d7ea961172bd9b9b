/* migration_file_fuzz.c - names and statements of migrations, from any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/migrate/migration_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *statement = malloc(size + 2);
    const char *cursor = text;
    unsigned number = 0;

    memcpy(text, data, size);
    text[size] = '\0';
    if (migration_name_parse(text, &number))
        ASSERT(number >= 1 && number <= 999);
    while (migration_next_statement(&cursor, statement))
        ASSERT(strlen(statement) <= size);
    migration_is_repeatable(text);
    free(statement);
    free(text);
    return 0;
}
