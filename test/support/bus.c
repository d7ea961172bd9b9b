/* bus.c - both ends of a private NATS. */
#include "test/support/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { ECHO_THREADS = 4, ECHO_QUEUE = 4096 };

int64_t bus_give_up_ms(void)
{
    return clock_now_ms(&CLOCK_SYSTEM) + BUS_PATIENCE_MS;
}

void bus_check_patience(int64_t give_up_ms, const char *what)
{
    if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
        fail_msg("never came true: %s", what);
}

/* ---- the answering side ---- */

/* What it was asked; UNDECIDED with "not yet" beside it. */
static void answer_same(struct responder_request *request, struct loop_tasks *together)
{
    struct message_out out = {0};

    out.data = message_data(responder_request_message(request), &out.len);
    if (out.len == strlen(BUS_UNDECIDED) && memcmp(out.data, BUS_UNDECIDED, out.len) == 0)
        message_add_header(&out, HEADER_ERROR_CODE, "202");
    responder_answer(request, &out, NULL, together);
}

static void on_say(void *arg, struct responder_request *request)
{
    struct echo *echo = arg;

    echo->n_handled++;
    message_read_call(responder_request_message(request), &CLOCK_SYSTEM, 1000, &echo->last);
    answer_same(request, NULL);
}

struct job {
    struct work work;
    struct responder_request *request;
    struct loop *loop;
};

static const struct work_kind TOGETHER = {.together_max = 8};

static void run_jobs(struct work *work)
{
    struct loop *loop = container_of(work, struct job, work)->loop;
    struct loop_tasks together = {0};

    for (struct work *next; work; work = next) {
        struct job *job = container_of(work, struct job, work);
        next = work->next;
        answer_same(job->request, &together);
        free(job);
    }
    loop_post_all(loop, &together);
}

static void on_work(void *arg, struct responder_request *request)
{
    struct echo *echo = arg;
    struct job *job = MEM_NEW(struct job);

    echo->n_handled++;
    job->work = (struct work){.fn = run_jobs, .kind = &TOGETHER};
    job->request = request;
    job->loop = echo->loop;
    assert_true(work_pool_submit(echo->pool, &job->work));
}

static void on_refuse(void *arg, struct responder_request *request)
{
    static const char TAKEN[] = "{\"code\":\"taken\"}", BUSY[] = "{\"code\":\"overloaded\"}";
    struct problem problem = {0};
    size_t len;
    bool busy = *message_data(responder_request_message(request), &len) == 'b';
    const char *text = busy ? BUSY : TAKEN;

    (void)arg;
    problem_set(&problem, busy ? ST_OVERLOADED : ST_CONFLICT, NULL, "It is taken.");
    responder_answer(request, &(struct message_out){.data = text, .len = strlen(text)}, &problem,
                     NULL);
}

static void on_huge(void *arg, struct responder_request *request)
{
    static char much[MESSAGE_PAYLOAD_MAX + 1];
    struct message_out out = {.data = much, .len = sizeof(much)};

    (void)arg;
    responder_answer(request, &out, NULL, NULL);
}

static void on_hold(void *arg, struct responder_request *request)
{
    struct echo *echo = arg;

    assert_true(echo->n_held < BUS_HELD_MAX);
    echo->held[echo->n_held++] = request;
}

void echo_release(struct echo *echo)
{
    while (echo->n_held > 0)
        answer_same(echo->held[--echo->n_held], NULL);
}

static void write_data(void *arg, struct json_out *o)
{
    (void)arg;
    json_out_member(o, "mood", "good");
}

void echo_init(struct echo *echo, struct bus *bus)
{
    struct link_config link = {
        .url = bus->nats.url, .name = "echo", .tls_ca = bus->tls_ca, .loop = bus->loop};
    struct responder_spec specs[] = {
        {.subject = "echo.say",
         .fn = on_say,
         .arg = echo,
         .request_schema = "{\"type\":\"object\",\"x\":\"a\\\\b\"}",
         .reply_schema = "{}"},
        {.subject = "echo.work",  .fn = on_work, .arg = echo },
        {.subject = "echo.refuse",          .fn = on_refuse,         .arg = echo      },
        {.subject = "echo.huge",          .fn = on_huge, .arg = echo},
        {.subject = "echo.hold.on.to.it",          .fn = on_hold,         .arg = echo     },
    };
    struct responder_spec *kept = mem_alloc(ARRAY_LEN(specs), sizeof(*specs));
    struct work_pool_config pool = {
        .name = "echo", .threads = ECHO_THREADS, .capacity = ECHO_QUEUE};

    *echo = (struct echo){.loop = bus->loop};
    memcpy(kept, specs, sizeof(specs));
    echo->specs = kept;
    echo->pool = work_pool_create(&pool);
    echo->link = link_create(&link);
    echo->server = responder_create(&(struct responder_config){
        .link = echo->link,
        .loop = bus->loop,
        .clock = &CLOCK_SYSTEM,
        .name = "echo",
        .version = "1.2.3",
        .description = "says it again",
        .endpoints = kept,
        .n_endpoints = ARRAY_LEN(specs),
        .stats_data = write_data,
    });
    BUS_WAIT(bus, link_is_up(echo->link));
}

static void echo_drain(struct echo *echo)
{
    int64_t give_up_ms = bus_give_up_ms();

    if (!echo->server)
        return;
    echo_release(echo);
    responder_stop(echo->server);
    for (; responder_open(echo->server) > 0; loop_turn(echo->loop, 10))
        bus_check_patience(give_up_ms, "responder_open() == 0");
}

static void echo_fini(struct echo *echo)
{
    work_pool_destroy(echo->pool);
    responder_destroy(echo->server);
    link_destroy(echo->link);
    free(echo->specs);
}

/* ---- the asking side ---- */

static void on_answer(void *arg, enum status st, const struct message *reply)
{
    struct answer *answer = arg;

    answer->n++;
    answer->st = st;
    if (!reply)
        return;
    const char *code = message_header(reply, HEADER_ERROR_CODE);
    const char *data = message_data(reply, &answer->len);

    answer->error_code = code ? (int)strtol(code, NULL, 10) : 0;
    if (answer->len < sizeof(answer->data))
        memcpy(answer->data, data, answer->len);
}

void bus_ask(struct bus *bus, const char *subject, const char *data, int64_t timeout_ms,
             struct answer *answer, uint64_t *token)
{
    struct message_out out = {.subject = subject, .data = data, .len = strlen(data)};
    enum status st;

    *answer = (struct answer){0};
    st = message_client_request(bus->client, &out, timeout_ms, on_answer, answer, token);
    if (st != ST_OK)
        on_answer(answer, st, NULL);
}

int64_t bus_counter(struct bus *bus, const char *name)
{
    return metric_value(metrics_counter(bus->metrics, name, "", ""));
}

int64_t bus_waiting(struct bus *bus)
{
    return metric_value(metrics_gauge(bus->metrics, "hanok_nats_requests_in_flight", "", ""));
}

int bus_setup_with(void **state, const char *nats_conf, const char *tls_ca)
{
    struct bus *bus = MEM_NEW(struct bus);
    struct link_config link = {.name = "asker", .tls_ca = tls_ca};

    log_set_fd(-1);
    *state = bus;
    bus->tls_ca = tls_ca;
    if (!nats_server_init(&bus->nats, nats_conf))
        return -1;
    bus->loop = loop_create(&CLOCK_SYSTEM);
    bus->metrics = metrics_create();
    link.url = bus->nats.url;
    link.loop = bus->loop;
    link.metrics = bus->metrics;
    bus->link = link_create(&link);
    bus->breakers = breakers_create(&CLOCK_SYSTEM, BREAKER_DEFAULTS, BREAKER_DEFAULTS_N);
    bus->client = message_client_create(&(struct message_client_config){
        .link = bus->link,
        .loop = bus->loop,
        .breakers = bus->breakers,
        .clock = &CLOCK_SYSTEM,
        .metrics = bus->metrics,
    });
    echo_init(&bus->echo, bus);
    BUS_WAIT(bus, link_is_up(bus->link));
    return 0;
}

int bus_setup(void **state)
{
    return bus_setup_with(state, "", NULL);
}

int bus_teardown(void **state)
{
    struct bus *bus = *state;

    echo_drain(&bus->echo);
    echo_drain(&bus->second);
    echo_fini(&bus->echo); /* from here on the loop does not turn any more */
    echo_fini(&bus->second);
    message_client_destroy(bus->client);
    link_destroy(bus->link);
    breakers_destroy(bus->breakers);
    loop_destroy(bus->loop);
    metrics_destroy(bus->metrics);
    nats_server_fini(&bus->nats);
    free(bus);
    return 0;
}
