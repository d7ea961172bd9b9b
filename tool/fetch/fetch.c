/* fetch.c - see fetch.h. */
#include "tool/fetch/fetch.h"

#include <stdio.h>
#include <stdlib.h>

#include "tool/core/mem.h"
#include "tool/fetch/fetch_transfer.h"

bool fetch_get(const char *url, const struct fetch_rule *rule, char **body, size_t *len,
               char why[FETCH_WHY_MAX + 1])
{
    const struct fetch_library *library = fetch_library();
    struct fetch_transfer transfer = {.body = NULL};
    CURL *curl = library->trouble ? NULL : library->curl_easy_init();
    bool ok;

    snprintf(why, FETCH_WHY_MAX + 1, "%s", library->trouble ? library->trouble : "out of handles");
    if (!curl)
        return false;
    transfer.body = mem_alloc(1, rule->size_max);
    ok = fetch_transfer(library, curl, &(struct fetch_question){.url = url}, rule, &transfer, why);
    library->curl_easy_cleanup(curl);
    if (ok && transfer.status != 200) {
        snprintf(why, FETCH_WHY_MAX + 1, "the answer is a %ld", transfer.status);
        ok = false;
    }
    if (ok) {
        *body = transfer.body;
        *len = transfer.len;
    } else {
        free(transfer.body);
    }
    return ok;
}
