/* remote_memory.h - other services as functions of a test: a row an operation. */
#ifndef TOOL_REMOTE_MEMORY_REMOTE_MEMORY_H
#define TOOL_REMOTE_MEMORY_REMOTE_MEMORY_H

#include "tool/remote/remote.h"

/* What answers an operation; of the shape of a use case. ST_OVERLOADED: nobody was asked. */
struct remote_answer {
    const struct operation *op;
    enum status (*fn)(void *self, const struct call *call, const void *in, void *out);
};

struct remote_memory {
    struct remote base;
    const struct remote_answer *rows; /* kept by pointer */
    size_t n;
    void *self; /* of each fn */
};

/** What no row answers is a bug. Nothing is to be freed. */
void remote_memory_init(struct remote_memory *remote, const struct remote_answer *rows, size_t n,
                        void *self);

#endif
