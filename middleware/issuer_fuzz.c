/* issuer_fuzz.c - any bytes as a file of issuers, as an address, and as an issuer's document. */
#include <stdint.h>
#include <string.h>

#include "middleware/discovery.h"
#include "middleware/issuer.h"
#include "middleware/issuer_url.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct issuer_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct issuer *issuer = &table->issuers[i];

        ASSERT(issuer_find(table, issuer->name) == issuer && issuer_url_fits(issuer->name));
        ASSERT(issuer->audience[0] && issuer->algorithms && issuer->algorithms < 1u << JOSE_ALGS);
        ASSERT(issuer->keys[0] == '/' || issuer->keys[0] == '\0' || issuer_url_fits(issuer->keys));
        ASSERT(issuer->leeway_s >= 0 && issuer->n_roles <= ISSUER_ROLES_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[ISSUER_WHY_MAX + 1], url[DISCOVERY_URL_MAX + 1], *text = mem_alloc(1, size + 1);
    struct issuer_table *table;

    memcpy(text, data, size);
    table = issuer_table_parse("fuzz", text, "own", why);
    ASSERT((table == NULL) == (why[0] != '\0'));
    if (table)
        look(table);
    free(table);
    if (issuer_url_fits(text))
        ASSERT(!strpbrk(text, " @\r\n\t#") || strchr(text, '/'));
    if (discovery_read(text, size, "https://a/", url, why))
        ASSERT(strncmp(url, "https://", 8) == 0);
    free(text);
    return 0;
}
