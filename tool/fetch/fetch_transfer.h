/* fetch_transfer.h - one question and its answer over a handle of libcurl. Private to tool/fetch.
 */
#ifndef TOOL_FETCH_FETCH_TRANSFER_H
#define TOOL_FETCH_FETCH_TRANSFER_H

#include "tool/fetch/fetch.h"
#include "tool/fetch/fetch_library.h"

struct fetch_transfer {
    char *body; /* rule->size_max bytes of the caller's, filled by the answer */
    size_t len;
    long status; /* of the answer; 0 = none */
    bool asked;  /* something of the question may have been sent */
};

/** Blocks. Leaves the handle's connection open. True: there is a whole answer, whatever it says.
 * False with why. */
bool fetch_transfer(const struct fetch_library *library, CURL *curl,
                    const struct fetch_question *question, const struct fetch_rule *rule,
                    struct fetch_transfer *transfer, char why[FETCH_WHY_MAX + 1]);

#endif
