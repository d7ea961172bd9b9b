/* remote.h - what is asked of other services, as functions: a row an operation.
 *
 *   REMOTE(ask_stock_commit, CATALOG_STOCK_COMMIT, struct stock_order, struct stock_held);
 *
 * is
 *
 *   enum status ask_stock_commit(struct remote *remote, const struct call *call,
 *                                const struct stock_order *in, struct stock_held *out);
 *
 * which asks once, blocks until call->deadline_ms at most, and may be called from any thread but a
 * loop's. With out NULL nobody reads the reply. What it returns is what remote_ops.ask does. */
#ifndef TOOL_REMOTE_REMOTE_H
#define TOOL_REMOTE_REMOTE_H

#include "tool/core/call.h"
#include "tool/encoder/operation.h"

enum { REMOTE_ALL_MAX = 8 };

/* One operation that is asked, and the structs it is asked with. */
struct remote_row {
    const struct operation *op;
    size_t in_size, out_size;
    bool if_asked; /* ST_OVERLOADED says that this time nobody was asked, and nothing else does */
};

/* One of several questions that are asked at once. */
struct remote_question {
    const struct remote_row *row; /* without if_asked */
    const void *in;
    void *out;      /* as in remote_ops.ask */
    enum status st; /* what that would have returned */
};

/* Other services, as a process reaches them. By tool/proxy (NATS) and memory/ (tests). */
struct remote {
    const struct remote_ops *ops;
};

struct remote_ops {
    /** in: a struct of op->request; out: of op->reply, written only with ST_OK, NULL is fine.
     * *asked is false when the question has reached nobody: then nothing has happened. A refusal
     * has its code and detail in call->problem. ST_OK | ST_PENDING (it has not decided yet) | the
     * service's refusal | ST_UNAVAILABLE (it may have happened) | ST_OVERLOADED | ST_TOO_LARGE |
     * ST_TIMEOUT (it may have happened) | ST_INTERNAL (the reply makes no sense, or op is not among
     * the service's calls) */
    enum status (*ask)(struct remote *self, const struct call *call, const struct operation *op,
                       const void *in, void *out, bool *asked);
    /** Sets st of each of n, as long as call->deadline_ms at most for all of them; call->problem is
     * of one of those that failed. NULL: they are asked one after the other. */
    void (*ask_all)(struct remote *self, const struct call *call, struct remote_question *asked,
                    size_t n);
};

/* clang-format off */
#define REMOTE_FUNCTION(name_, op_, in_, out_, if_asked_)                                          \
    static inline enum status name_(struct remote *remote, const struct call *call,                \
                                    const in_ *in, out_ *out)                                      \
    {                                                                                              \
        static const struct remote_row ROW = {&(op_), sizeof(in_), sizeof(out_), (if_asked_)};     \
                                                                                                   \
        return remote_ask(remote, call, &ROW, in, out);                                            \
    }                                                                                              \
    struct remote /* takes the semicolon */

#define REMOTE(name_, op_, in_, out_) REMOTE_FUNCTION(name_, op_, in_, out_, false)
/* The same, but what was not asked is ST_OVERLOADED, and any other 503 is ST_UNAVAILABLE. */
#define REMOTE_IF_ASKED(name_, op_, in_, out_) REMOTE_FUNCTION(name_, op_, in_, out_, true)
/* clang-format on */

/** As remote_ops.ask, by a row; that its structs are the operation's is checked. */
enum status remote_ask(struct remote *remote, const struct call *call, const struct remote_row *row,
                       const void *in, void *out);
/** Asks n questions (0..REMOTE_ALL_MAX) at once, and waits for all of the answers. ST_OK | what the
 * first of them has that is not ST_OK */
enum status remote_ask_all(struct remote *remote, const struct call *call,
                           struct remote_question *asked, size_t n);

#endif
