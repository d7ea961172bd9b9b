/* streams_fixture.h - a private NATS that is told to keep streams. */
#ifndef TEST_TOOL_STREAM_STREAMS_FIXTURE_H
#define TEST_TOOL_STREAM_STREAMS_FIXTURE_H

#include "test/support/nats_server.h"
#include "tool/stream/stream.h"

enum { STREAMS_PATIENCE_S = 120 };

struct streams_fixture {
    struct nats_server nats;
    struct link_config config; /* as operator at nats */
    /** Called while something is waited for. NULL = nothing to do then. */
    void (*on_wait)(struct streams_fixture *f);
    unsigned n_waits;
    char done[512]; /* what was told of streams by the last streams_ensure, a line each */
    char why[STREAM_WHY_MAX + 1];
};

/** One stream "SMALL" on small.>. */
extern const struct stream_spec STREAMS_SMALL[];

/** Starts NATS with these lines of configuration; false when it does not come up. */
bool streams_fixture_init(struct streams_fixture *f, const char *conf);
enum status streams_ensure(struct streams_fixture *f, const struct stream_spec *streams,
                           int replicas, int wait_s);
/** Does so without waiting; it must end with st, and text be in what was told or why not. */
void streams_expect(struct streams_fixture *f, const struct stream_spec *streams, int replicas,
                    enum status st, const char *text);

#endif
