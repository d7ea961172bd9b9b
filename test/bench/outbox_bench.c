/* outbox_bench.c - events from their commit to the stream: how late a subscriber hears of one at
 * RATE changes a second, polled and from the transaction log, and what that adds to a commit, how
 * fast a backlog of ROWS is sent, at its beginning and its end, and how fast JetStream takes as
 * many from an asynchronous publisher with message ids that has no database. One line of JSON on
 * standard output. usage: outbox_bench SECONDS RATE ROWS */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/auth.h"
#include "test/bench/took.h"
#include "test/tool/outbox/relay_world.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"

enum { WRITERS = 8, HEARD_MAX = 1 << 20, CHUNK = 100000, PUBLISHED = 100000, WARM = 16 };

/* Enough for the backlog: what is measured is not a disk. */
static const char *const OPTIONS[] = {"--innodb-buffer-pool-size=768M",
                                      "--innodb-log-file-size=256M", NULL};
/* Added for the transaction log. */
static const char *const LOG[] = {"--log-bin=mysql-bin", "--binlog-format=ROW", "--sync-binlog=1",
                                  "--server-id=1"};

static struct relay_world world;
static struct relay_process process;

static double now_s(void)
{
    return took_now_us() / 1e6;
}

static void sleep_s(double seconds)
{
    struct timespec t = {.tv_sec = (time_t)seconds};

    t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
    if (seconds > 0)
        nanosleep(&t, NULL); /* lint: allow sleep a benchmark keeps its rate */
}

/* ---- lateness */

static double committed_s[HEARD_MAX], late_s[HEARD_MAX], took_s[HEARD_MAX];
static long total;
static double began_s, rate;
static _Atomic long next_said, n_heard;

struct saying {
    struct outbox *outbox;
    struct account_event event;
};

static enum status say_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct saying *saying = arg;

    return event_say(saying->outbox, tx, call, &AUTH_ACCOUNT_CREATED, &saying->event);
}

/* Its number stands in the first bytes of the id. */
static void hear(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *arg)
{
    double heard_s = now_s();
    char digits[9];
    long i;

    (void)nc;
    (void)sub;
    (void)arg;
    memcpy(digits, natsMsg_GetData(msg) + strlen("{\"userId\":\""), 8);
    digits[8] = '\0';
    i = strtol(digits, NULL, 16);
    if (i >= total)
        i = 0;                                                             /* of the warming */
    late_s[n_heard++] = committed_s[i] > 0 ? heard_s - committed_s[i] : 0; /* before its writer */
    natsMsg_Destroy(msg);
}

static void write_events(void *arg, int thread)
{
    (void)arg;
    (void)thread;
    for (long i; (i = next_said++) < total;) {
        struct call call = test_call();
        struct saying saying = {relaying_outbox(process.relaying), {test_uuid()}};
        double from_s;
        for (int k = 0; k < 4; k++)
            saying.event.user_id.b[k] = (uint8_t)(i >> (24 - 8 * k));
        sleep_s(began_s + (double)i / rate - now_s());
        from_s = now_s();
        ASSERT(transactor_run(process.transactor, &call, say_in, &saying) == ST_OK);
        committed_s[i] = now_s();
        took_s[i] = committed_s[i] - from_s;
    }
}

static double part_ms(double all_s[], long percent)
{
    took_sort(all_s, total);
    return all_s[total * percent / 100] * 1e3;
}

static void measure_lateness(const char *how)
{
    natsSubscription *sub = NULL;

    memset(committed_s, 0, sizeof(committed_s));
    n_heard = next_said = 0;
    ASSERT(natsConnection_Subscribe(&sub, world.jetstream.nc, "event.>", hear, NULL) == NATS_OK);
    relay_process_start(&process, &world);
    relay_say(&process, WARM, NULL);
    relay_await_sent(&process);
    while (n_heard < WARM)
        sleep_s(0.01);
    n_heard = 0;
    began_s = now_s();
    test_race(WRITERS, write_events, NULL);
    while (n_heard < total)
        sleep_s(0.01);
    natsSubscription_Destroy(sub);
    relay_process_stop(&process);
    printf("\"%sP50Ms\": %.2f, \"%sP99Ms\": %.2f, \"%sCommitMs\": %.2f, ", how, part_ms(late_s, 50),
           how, part_ms(late_s, 99), how, part_ms(took_s, 50));
}

/* Started again with a transaction log, the database is polled first, then tailed. */
static void measure_log(void)
{
    mariadb_server_stop(&world.database);
    for (size_t i = 0; i < ARRAY_LEN(LOG); i++)
        world.database.options[ARRAY_LEN(OPTIONS) - 1 + i] = LOG[i];
    ASSERT(mariadb_server_start(&world.database));
    measure_lateness("logged");
    world.tails = true;
    measure_lateness("tailed");
    world.tails = false;
    mariadb_server_stop(&world.database);
    world.database.options[ARRAY_LEN(OPTIONS) - 1] = NULL;
    ASSERT(mariadb_server_start(&world.database));
}

/* ---- backlog */

static void fill_outbox(long rows)
{
    char sql[1024];

    ASSERT(mariadb_server_sql(&world.database, "TRUNCATE hanok_auth.outbox"));
    for (long k = 0; k < rows; k += CHUNK) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO hanok_auth.outbox (id, partition_no, outbox_status, type, `key`,"
                 " payload, created_at) SELECT UNHEX(CONCAT('0193000000007000', LPAD(HEX(seq), 16,"
                 " '0'))), seq %% 16, 'PENDING', 'auth.account_created', UNHEX(CONCAT("
                 "'0193000000007000', LPAD(HEX(seq), 16, '0'))), '{\"userId\":"
                 "\"01a2241a-2660-7a5e-bde6-776fd739811e\"}', NOW(6)"
                 " FROM hanok_auth.seq_%ld_to_%ld",
                 k + 1, k + CHUNK);
        ASSERT(mariadb_server_sql(&world.database, sql));
    }
}

/* When the stream has so many; *before: how many it had. */
static double await_stored(long n)
{
    while (relay_stored(&world) < n)
        sleep_s(0.02);
    return now_s();
}

static double measure_backlog(long rows)
{
    double first_s, tenth_s, ninth_s, last_s;

    jetstream_restart(&world.jetstream, true);
    jetstream_make_stream(&world.jetstream);
    fill_outbox(rows);
    relay_process_start(&process, &world);
    first_s = await_stored(1);
    tenth_s = await_stored(rows / 10);
    ninth_s = await_stored(rows - rows / 10);
    last_s = await_stored(rows);
    relay_await_sent(&process);
    relay_process_stop(&process);
    printf("\"relayed\": %.0f, \"firstTenth\": %.0f, \"lastTenth\": %.0f, ",
           (double)rows / (last_s - first_s), (double)rows / 10 / (tenth_s - first_s),
           (double)rows / 10 / (last_s - ninth_s));
    return (double)rows / (last_s - first_s);
}

/* ---- JetStream alone */

/* The same event as the relay sends. */
static natsMsg *event(const char *id, int partition)
{
    static const char DATA[] = "{\"userId\":\"01a2241a-2660-7a5e-bde6-776fd739811e\"}";
    const char *const headers[][2] = {
        {"ce-specversion",  "1.0"                        },
        {"ce-id",           id                           },
        {"ce-source",       "/hanok/auth"                },
        {"ce-type",         "auth.account_created"       },
        {"ce-time",         "2026-01-31T12:34:56.123456Z"},
        {"ce-subject",      id                           },
        {"ce-partitionkey", id                           },
        {"Content-Type",    "application/json"           },
    };
    char subject[64];
    natsMsg *msg = NULL;

    snprintf(subject, sizeof(subject), "event.auth.account_created.%02d", partition);
    ASSERT(natsMsg_Create(&msg, subject, NULL, DATA, sizeof(DATA) - 1) == NATS_OK);
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        ASSERT(natsMsgHeader_Set(msg, headers[i][0], headers[i][1]) == NATS_OK);
    return msg;
}

static double measure_publishing(void)
{
    double from_s;

    jetstream_restart(&world.jetstream, true);
    jetstream_make_stream(&world.jetstream);
    from_s = now_s();
    for (int i = 0; i < PUBLISHED; i++) {
        char id[UUID_TEXT_LEN + 1];
        jsPubOptions options;
        natsMsg *msg;

        jsPubOptions_Init(&options);
        options.MsgId = uuid_text(test_uuid(), id);
        msg = event(id, i % EVENT_PARTITIONS);
        ASSERT(js_PublishMsgAsync(world.jetstream.js, &msg, &options) == NATS_OK);
    }
    ASSERT(js_PublishAsyncComplete(world.jetstream.js, NULL) == NATS_OK);
    return PUBLISHED / (now_s() - from_s);
}

static long argument(int argc, char **argv, int i, long max)
{
    char *end = NULL;
    long n = argc == 4 ? strtol(argv[i], &end, 10) : 0;

    if (n < 1 || n > max || *end) {
        fprintf(stderr, "usage: outbox_bench SECONDS RATE ROWS\n");
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    long seconds = argument(argc, argv, 1, 60), rows = argument(argc, argv, 3, 10000000);
    double relayed, published;

    rate = (double)argument(argc, argv, 2, 10000);
    total = seconds * (long)rate;
    ASSERT(total <= HEARD_MAX);
    rows = (rows + CHUNK - 1) / CHUNK * CHUNK;
    log_set_fd(-1);
    if (!relay_world_init(&world, OPTIONS))
        return 1;
    printf("{");
    measure_lateness("polled");
    measure_log();
    published = measure_publishing();
    relayed = measure_backlog(rows);
    printf("\"published\": %.0f, \"ratio\": %.2f}\n", published, relayed / published);
    relay_world_fini(&world);
    return 0;
}
