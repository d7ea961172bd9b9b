/* streams_fixture.c - see streams_fixture.h. */
#include "test/tool/stream/streams_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

const struct stream_spec STREAMS_SMALL[] = {
    {.name = "SMALL",
     .description = "a test's",
     .subject = "small.>",
     .max_age_s = 60,
     .max_bytes = 1 << 20,
     .duplicates_s = 10},
    {.name = NULL},
};

bool streams_fixture_init(struct streams_fixture *f, const char *conf)
{
    *f = (struct streams_fixture){
        .config = {
                   .url = f->nats.url, .name = "streams", .user = "operator", .password = "s3cret"}
    };
    return nats_server_init(&f->nats, conf);
}

static void hear_done(void *arg, const char *name, const char *what)
{
    struct streams_fixture *f = arg;
    size_t len = strlen(f->done);

    snprintf(f->done + len, sizeof(f->done) - len, "%s: %s\n", name, what);
}

static void hear_waiting(void *arg, const char *why)
{
    struct streams_fixture *f = arg;

    assert_string_not_equal(why, "");
    f->n_waits++;
    if (f->on_wait)
        f->on_wait(f);
}

enum status streams_ensure(struct streams_fixture *f, const struct stream_spec *streams,
                           int replicas, int wait_s)
{
    struct stream_plan plan = {.nats = &f->config,
                               .streams = streams,
                               .replicas = replicas,
                               .done = hear_done,
                               .waiting = hear_waiting,
                               .arg = f};
    struct call call = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + (int64_t)wait_s * 1000};

    f->done[0] = f->why[0] = '\0';
    return stream_ensure(&plan, &call, f->why);
}

void streams_expect(struct streams_fixture *f, const struct stream_spec *streams, int replicas,
                    enum status st, const char *text)
{
    enum status got = streams_ensure(f, streams, replicas, 0);

    if (got != st || !strstr(st == ST_OK ? f->done : f->why, text))
        fail_msg("%s: %s%s, not %s: %s", status_name(got), f->done, f->why, status_name(st), text);
}
