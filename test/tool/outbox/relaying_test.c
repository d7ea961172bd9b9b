/* relaying_test.c - what is said comes into the stream, whatever becomes of NATS and of who relays:
 * on private servers. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "protocol/auth.h"
#include "test/tool/outbox/relay_world.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"

enum { PATIENCE_S = 60 };

/* Until the stream has so many. */
static void await_stored(struct relay_world *world, long n)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    time_t give_up = time(NULL) + PATIENCE_S;

    while (relay_stored(world) != n && time(NULL) < give_up)
        nanosleep(&pause, NULL); /* lint: allow sleep between two looks at a server */
    assert_int_equal(n, relay_stored(world));
}

static natsMsg *stored(struct relay_world *world, uint64_t stream_seq)
{
    natsMsg *msg = NULL;

    assert_int_equal(js_GetMsg(&msg, world->jetstream.js, "EVENTS", stream_seq, NULL, NULL),
                     NATS_OK);
    return msg;
}

static const char *header(natsMsg *msg, const char *name)
{
    const char *value = NULL;

    return natsMsgHeader_Get(msg, name, &value) == NATS_OK ? value : "";
}

/* By nobody else yet: the stream is empty, and so is the outbox. */
static void start_anew(struct relay_world *world, struct relay_process *process)
{
    mariadb_server_sql(&world->database, "TRUNCATE hanok_auth.outbox");
    jetstream_restart(&world->jetstream, true);
    jetstream_make_stream(&world->jetstream);
    relay_process_start(process, world);
}

static void an_event_is_a_cloud_event(void **state)
{
    struct relay_world *world = *state;
    struct relay_process process;
    char key[UUID_TEXT_LEN + 1], want[128];
    struct uuid id = test_uuid();
    int64_t time_us;
    natsMsg *msg;

    start_anew(world, &process);
    relay_say(&process, 1, &id);
    await_stored(world, 1);
    msg = stored(world, 1);
    uuid_text(id, key);
    snprintf(want, sizeof(want), "event.auth.account_created.%02u", event_partition(id));
    assert_string_equal(want, natsMsg_GetSubject(msg));
    snprintf(want, sizeof(want), "{\"userId\":\"%s\"}", key);
    assert_int_equal(strlen(want), natsMsg_GetDataLength(msg));
    assert_memory_equal(want, natsMsg_GetData(msg), strlen(want));
    assert_string_equal("1.0", header(msg, "ce-specversion"));
    assert_string_equal("auth.account_created", header(msg, "ce-type"));
    assert_string_equal("/hanok/auth", header(msg, "ce-source"));
    assert_string_equal(key, header(msg, "ce-subject"));
    assert_string_equal(key, header(msg, "ce-partitionkey"));
    assert_string_equal("application/json", header(msg, "Content-Type"));
    assert_string_equal(header(msg, "ce-id"), header(msg, "Nats-Msg-Id"));
    assert_int_equal(UUID_TEXT_LEN, strlen(header(msg, "ce-id")));
    assert_int_equal(0, clock_parse(header(msg, "ce-time"), &time_us));
    natsMsg_Destroy(msg);
    relay_process_stop(&process);
}

static void events_of_one_key_come_in_order(void **state)
{
    enum { SAID_N = 50 };
    struct relay_world *world = *state;
    struct relay_process process;
    struct uuid key = test_uuid();
    char before[UUID_TEXT_LEN + 1] = "";

    start_anew(world, &process);
    relay_say(&process, SAID_N, &key);
    await_stored(world, SAID_N);
    for (uint64_t i = 1; i <= SAID_N; i++) {
        natsMsg *msg = stored(world, i);
        assert_true(strcmp(before, header(msg, "ce-time")) < 0);
        snprintf(before, sizeof(before), "%s", header(msg, "ce-time"));
        natsMsg_Destroy(msg);
    }
    relay_process_stop(&process);
}

static void what_is_said_while_nats_is_away_comes_later(void **state)
{
    struct relay_world *world = *state;
    struct relay_process process;

    start_anew(world, &process);
    relay_say(&process, 5, NULL);
    await_stored(world, 5);
    nats_server_kill(&world->jetstream.server);
    relay_say(&process, 5, NULL);
    jetstream_restart(&world->jetstream, false);
    await_stored(world, 10);
    relay_await_sent(&process);
    relay_process_stop(&process);
}

static void an_empty_store_is_filled_again(void **state)
{
    struct relay_world *world = *state;
    struct relay_process process;

    start_anew(world, &process);
    relay_say(&process, 20, NULL);
    relay_await_sent(&process);
    assert_int_equal(20, relay_stored(world));
    jetstream_restart(&world->jetstream, true); /* nor is there a stream any more */
    await_stored(world, 20);
    relay_say(&process, 3, NULL);
    await_stored(world, 23);
    relay_process_stop(&process);
}

/* As a power loss leaves it: what was acknowledged last is gone. */
static void what_the_stream_has_lost_is_sent_again_and_nothing_else(void **state)
{
    struct relay_world *world = *state;
    struct relay_process process;
    struct uuid key = test_uuid();
    char before[UUID_TEXT_LEN + 1] = "";

    start_anew(world, &process);
    relay_say(&process, 7, &key);
    relay_await_sent(&process);
    jetstream_keep(&world->jetstream);
    relay_say(&process, 9, &key);
    relay_await_sent(&process);
    assert_int_equal(16, relay_stored(world));
    jetstream_lose(&world->jetstream);
    await_stored(world, 16);
    for (uint64_t i = 1; i <= 16; i++) {
        natsMsg *msg = stored(world, i);
        assert_true(strcmp(before, header(msg, "ce-time")) < 0);
        snprintf(before, sizeof(before), "%s", header(msg, "ce-time"));
        natsMsg_Destroy(msg);
    }
    relay_process_stop(&process);
}

/* Says one, and before it commits, has another said and sent. */
static enum status say_and_be_late(struct transaction *tx, const struct call *call, void *arg)
{
    struct relay_process *process = arg;
    struct account_event event = {test_uuid()};
    enum status st =
        event_say(relaying_outbox(process->relaying), tx, call, &AUTH_ACCOUNT_CREATED, &event);

    relay_say(process, 1, NULL);
    relay_await_sent(process);
    return st;
}

/* Numbers are given when a row is written, not when it is committed. */
static void who_commits_late_is_not_passed_over(void **state)
{
    struct relay_world *world = *state;
    struct relay_process process;
    struct call call = test_call();

    start_anew(world, &process);
    assert_status(ST_OK, transactor_run(process.transactor, &call, say_and_be_late, &process));
    await_stored(world, 2);
    relay_await_sent(&process);
    relay_process_stop(&process);
}

static void two_share_the_partitions(void **state)
{
    struct relay_world *world = *state;
    struct relay_process one, two;

    start_anew(world, &one);
    relay_process_start(&two, world);
    for (int i = 0; i < 10; i++) {
        relay_say(&one, 10, NULL);
        relay_say(&two, 10, NULL);
    }
    await_stored(world, 200);
    relay_process_stop(&one);
    relay_say(&two, 20, NULL);
    await_stored(world, 220);
    relay_process_stop(&two);
}

/* In a process of its own, until it is killed. */
static pid_t start_another(const struct relay_world *world)
{
    struct relay_process process;
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    log_set_fd(-1);
    relay_process_start(&process, world);
    for (;;)
        pause();
}

static void who_is_killed_is_replaced(void **state)
{
    struct relay_world *world = *state;
    struct relay_process heir;
    struct uuid key;
    pid_t killed;

    mariadb_server_sql(&world->database, "TRUNCATE hanok_auth.outbox");
    jetstream_restart(&world->jetstream, true);
    jetstream_make_stream(&world->jetstream);
    killed = start_another(world);
    assert_true(killed > 0);
    relay_process_start(&heir, world);
    for (int i = 0; i < 10; i++) /* by either of the two */
        relay_say(&heir, 10, NULL);
    await_stored(world, 100);
    kill(killed, SIGKILL);
    assert_int_equal(killed, waitpid(killed, NULL, 0));
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++) {
        do
            key = test_uuid();
        while (event_partition(key) != p);
        relay_say(&heir, 1, &key);
    }
    await_stored(world, 100 + EVENT_PARTITIONS);
    relay_process_stop(&heir);
}

static int run(struct relay_world *world, const char *name)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(an_event_is_a_cloud_event, world),
        cmocka_unit_test_prestate(events_of_one_key_come_in_order, world),
        cmocka_unit_test_prestate(what_is_said_while_nats_is_away_comes_later, world),
        cmocka_unit_test_prestate(an_empty_store_is_filled_again, world),
        cmocka_unit_test_prestate(what_the_stream_has_lost_is_sent_again_and_nothing_else, world),
        cmocka_unit_test_prestate(who_commits_late_is_not_passed_over, world),
        cmocka_unit_test_prestate(two_share_the_partitions, world),
        cmocka_unit_test_prestate(who_is_killed_is_replaced, world),
    };

    log_set_fd(-1);
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

/* Told of by the table, and by the transaction log. */
int main(void)
{
    static const char *const LOG[] = {"--log-bin=mysql-bin", "--binlog-format=ROW",
                                      "--sync-binlog=1", "--server-id=1", NULL};
    struct relay_world world;
    int failed = 1;

    if (relay_world_init(&world, LOG)) {
        failed = run(&world, "polled");
        world.tails = true;
        failed += run(&world, "tailed");
    }
    relay_world_fini(&world);
    return failed;
}
