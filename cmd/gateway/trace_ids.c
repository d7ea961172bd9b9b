/* trace_ids.c - see trace_ids.h. */
#include "cmd/gateway/trace_ids.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/core/header.h"

enum { HALF = 16, TRACE_ID_AT = 3, PARENT_ID_AT = 36 };

/* SplitMix64 (Steele, Lea, Flood): every state is met once in 2^64 steps, so no number comes twice.
 * A system call for each request would cost more than the rest of this file. */
static uint64_t next(struct trace_ids *self)
{
    uint64_t z = self->state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static void write_hex(uint64_t n, char out[HALF])
{
    for (int i = HALF - 1; i >= 0; i--, n >>= 4)
        out[i] = "0123456789abcdef"[n & 15];
}

void trace_ids_init(struct trace_ids *self, const struct entropy *entropy)
{
    entropy->fill(entropy, &self->state, sizeof(self->state));
}

void trace_ids_give(struct trace_ids *self, const char *request_id, const char *traceparent,
                    const char *tracestate, struct call *call)
{
    if (traceparent && header_is_traceparent(traceparent)) {
        TEXT_COPY(call->traceparent, traceparent);
        if (tracestate)
            header_keep_tracestate(tracestate, call->tracestate);
    } else {
        TEXT_COPY(call->traceparent, "00-00000000000000000000000000000000-0000000000000000-01");
        write_hex(next(self), call->traceparent + TRACE_ID_AT);
        write_hex(next(self), call->traceparent + TRACE_ID_AT + HALF);
    }
    write_hex(next(self) | 1, call->traceparent + PARENT_ID_AT); /* 0 would be no id */
    if (request_id && header_is_request_id(request_id)) {
        TEXT_COPY(call->request_id, request_id);
    } else {
        write_hex(next(self), call->request_id);
        write_hex(next(self), call->request_id + HALF);
        call->request_id[2 * HALF] = '\0';
    }
}
