/* corpus_kinds.h - what is recorded in test/corpus, and how today's messages of a kind are made. */
#ifndef TEST_CORPUS_CORPUS_KINDS_H
#define TEST_CORPUS_CORPUS_KINDS_H

#include "tool/encoder/operation.h"

enum { CORPUS_NAME_MAX = 96, CORPUS_LINE_MAX = 16 * 1024 };

enum corpus_use { CORPUS_REQUEST, CORPUS_REPLY, CORPUS_REFUSAL, CORPUS_STORED, CORPUS_PROBLEM };

struct corpus_kind {
    char name[CORPUS_NAME_MAX]; /* the file's: "auth.signup.request" */
    enum corpus_use use;
    const struct operation *op; /* of requests, replies and refusals */
    const struct descriptor *descriptor;
};

/** Calls each for every kind there is today. */
void corpus_each_kind(void (*each)(const struct corpus_kind *kind, void *arg), void *arg);
/** Calls each for messages of the kind as they are written today, some more than once; json is one
 * line. */
void corpus_each_today(const struct corpus_kind *kind, void (*each)(const char *json, void *arg),
                       void *arg);

#endif
