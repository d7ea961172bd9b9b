/* pulling.c - see pulling.h. */
#include "test/tool/stream/pulling.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"

static void on_pulled(void *arg, const struct pulled *pulled)
{
    struct hand *hand = arg;
    size_t len;
    const char *data = message_data(pulled->message, &len);
    char text[16] = "";

    assert_true(hand->n < SEEN_MAX && len < sizeof(text));
    memcpy(text, data, len);
    hand->seen[hand->n++] = (int)strtol(text, NULL, 10);
    hand->delivered = pulled->delivered;
    if (hand->at_once)
        puller_ack(hand->puller);
}

void pulling_begin(struct pulling *f, struct hand *hand, bool at_once)
{
    struct link_config link = {.url = f->js.server.url, .name = "audit"};

    *hand = (struct hand){.loop = loop_create(&CLOCK_SYSTEM), .at_once = at_once};
    link.loop = hand->loop;
    hand->link = link_create(&link);
    hand->puller = puller_create(&(struct puller_config){.link = hand->link,
                                                         .loop = hand->loop,
                                                         .stream = "EVENTS",
                                                         .durable = "audit-07",
                                                         .filter = "event.*.*.07",
                                                         .ack_wait_ms = f->ack_wait_ms,
                                                         .fn = on_pulled,
                                                         .arg = hand});
}

void pulling_end(struct hand *hand)
{
    puller_destroy(hand->puller);
    link_destroy(hand->link);
    if (hand->loop)
        loop_destroy(hand->loop);
    *hand = (struct hand){0};
}

void pulling_publish(struct pulling *f)
{
    char text[16];

    snprintf(text, sizeof(text), "%d", ++f->next);
    jetstream_publish(&f->js, "event.auth.account_created.08", NULL, "of another partition");
    jetstream_publish(&f->js, "event.auth.account_created.07", NULL, text);
}

int pulling_setup(void **state)
{
    static struct pulling f;

    log_set_fd(-1);
    f = (struct pulling){.ack_wait_ms = ACK_WAIT_MS};
    if (!jetstream_init(&f.js))
        return -1;
    *state = &f;
    return 0;
}

int pulling_teardown(void **state)
{
    struct pulling *f = *state;

    pulling_end(&f->a);
    pulling_end(&f->b);
    jetstream_fini(&f->js);
    return 0;
}

void pulling_turn(struct pulling *f)
{
    if (f->a.loop)
        loop_turn(f->a.loop, 5);
    if (f->b.loop)
        loop_turn(f->b.loop, 5);
}

void pulling_turn_for(struct pulling *f, int64_t ms)
{
    int64_t now_ms = clock_now_ms(&CLOCK_SYSTEM), until_ms = now_ms + ms;

    f->stalled_ms = 0;
    for (int64_t last_ms = now_ms; now_ms < until_ms; last_ms = now_ms) {
        pulling_turn(f);
        now_ms = clock_now_ms(&CLOCK_SYSTEM);
        if (now_ms - last_ms > f->stalled_ms)
            f->stalled_ms = now_ms - last_ms;
    }
}
