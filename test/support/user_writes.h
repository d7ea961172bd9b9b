/* user_writes.h - the user service's writes, by its own rows, over whatever stores a test has. */
#ifndef TEST_SUPPORT_USER_WRITES_H
#define TEST_SUPPORT_USER_WRITES_H

#include "cmd/user/user.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/service/write.h"

struct user_writes {
    struct profile_registrar registrar;
    struct transactor *transactor;
    struct barrier *barrier;
};

static inline const struct endpoint *user_row(const struct operation *op)
{
    for (size_t i = 0; op && i < ARRAY_LEN(USER_ENDPOINTS); i++)
        if (USER_ENDPOINTS[i].op == op)
            return &USER_ENDPOINTS[i];
    ASSERT(!op);
    return NULL;
}

static inline enum status user_write(struct user_writes *writes, const struct operation *op,
                                     const struct call *call, const void *in, void *out)
{
    const struct endpoint *row = user_row(op);
    struct write write = {row, user_row(row->undoes), &writes->registrar, writes->transactor,
                          writes->barrier};

    return write_run(&write, call, in, out);
}

#endif
