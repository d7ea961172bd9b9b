/* site_answer.h - a file of the site as an answer. */
#ifndef CMD_GATEWAY_SITE_ANSWER_H
#define CMD_GATEWAY_SITE_ANSWER_H

#include "cmd/gateway/answer.h"
#include "middleware/site.h"

/* What its pages and scripts may, unless a setting says otherwise: nothing from elsewhere, nothing
 * inline, and no text becomes code. */
#define SITE_POLICY                                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "                 \
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "             \
    "require-trusted-types-for 'script'; trusted-types 'none'"

enum site_verdict {
    SITE_ANSWERED,
    SITE_OTHER_METHOD, /* the path is a file's, the method is neither GET nor HEAD */
    SITE_NOTHING,
};

/** A file for a path that no route is for. site NULL = there is none. policy: of pages and scripts.
 */
enum site_verdict site_answer(struct answer *a, const struct asked *asked, const struct site *site,
                              const struct route_table *routes, const char *policy);
/** Of a setting (char[]): why it is no policy, static; NULL = it is. */
const char *site_policy_check(const void *text);

#endif
