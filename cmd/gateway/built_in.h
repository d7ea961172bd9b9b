/* built_in.h - what the gateway answers by itself: no message is sent. */
#ifndef CMD_GATEWAY_BUILT_IN_H
#define CMD_GATEWAY_BUILT_IN_H

#include "cmd/gateway/answer.h"
#include "middleware/docs_page.h"

enum built_in {
    BUILT_IN_WELCOME,
    BUILT_IN_HEALTH,
    BUILT_IN_OPENAPI,
    BUILT_IN_ASYNCAPI,
    BUILT_IN_DOCS
};

/* What they tell; borrowed. */
struct built_in_facts {
    bool nats, token_keys; /* are there */
    const struct asked *asked;
    const struct document *openapi, *asyncapi;
    const struct docs_page *docs;
};

/** Or a refusal, where the request has a query. */
void built_in_answer(struct answer *a, enum built_in which, const struct built_in_facts *facts);

#endif
