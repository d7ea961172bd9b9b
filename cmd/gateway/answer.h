/* answer.h - what is answered, made from what was asked and what became of it; sends nothing. */
#ifndef CMD_GATEWAY_ANSWER_H
#define CMD_GATEWAY_ANSWER_H

#include "cmd/gateway/document.h"
#include "cmd/gateway/shared_answers.h"
#include "middleware/location.h"
#include "middleware/route.h"
#include "tool/core/problem.h"
#include "tool/http/http_response.h"
#include "tool/message/message.h"

enum { ANSWER_BODY_MAX = 16384 };

/* What an answer depends on; all borrowed. */
struct asked {
    const struct http_request *http;
    const struct route_match *match; /* its route is NULL when none was found */
    const char *request_id;
    bool bearer_bad; /* an access token came, and was no good */
};

/* Points into itself and into what it was made from: stays where it is until it is sent. */
struct answer {
    struct http_response res;
    char body[ANSWER_BODY_MAX], location[LOCATION_MAX + 1], cache[40], retry_after[12], age[12];
    char vary[128]; /* the value of Vary; "" = none */
};

/** Begins one, without a body and without fields. */
void answer_begin(struct answer *a, int status, const char *content_type);
/** Says that the answer would be another with another value of that field of the request. */
void answer_vary(struct answer *a, const char *field);

/** Adds what every answer carries, but for security_headers.h. */
void answer_complete(struct answer *a, const struct asked *asked);
/** Of the body that is sent. */
size_t answer_bytes(const struct answer *a, const struct asked *asked);
/** What a service said: its JSON, or its problem. asked->match has a route. */
void answer_reply(struct answer *a, const struct asked *asked, const struct message *reply);
/** Whether the client has said that it knows that ETag. */
bool answer_is_known(const struct asked *asked, const char *etag);
/** It is still the version of etag, which the client knows. */
void answer_unchanged(struct answer *a, const struct asked *asked, const char *etag);
/** The head of a stream of events. */
void answer_events(struct answer *a);
/** JSON of the gateway: replies that were gathered, or what stands in for one. */
void answer_json(struct answer *a, const char *json, size_t len);
/** The same of one that is kept, which is so old. */
void answer_shared(struct answer *a, const struct asked *asked, const struct shared_answer *shared,
                   int age_s);
/** The document, or a 304 for who has it already. */
void answer_document(struct answer *a, const struct asked *asked, const struct document *document);
/** A refusal; one without a detail gets the words that go with its status. */
void answer_problem(struct answer *a, const struct asked *asked, const struct problem *problem);

#endif
