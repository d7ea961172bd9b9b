/* streams_test.c - rows of streams become streams of a real nats-server. */
#include <nats/nats.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tool/stream/streams.h"
#include "test/tool/stream/streams_fixture.h"

static const char ACCOUNTS[] =
    "jetstream: enabled\n"
    "accounts {\n"
    "  WITH { jetstream: enabled, users: [\n"
    "    {user: operator, password: s3cret},\n"
    "    {user: inspector, password: s3cret, permissions: {\n"
    "      publish: [\"$JS.API.STREAM.INFO.>\"], subscribe: [\"_INBOX.>\"]}}]}\n"
    "  WITHOUT { users: [{user: guest, password: s3cret}]}\n"
    "}\n";

static int setup(void **state)
{
    static struct streams_fixture f;

    *state = &f;
    return streams_fixture_init(&f, ACCOUNTS) ? 0 : -1;
}

static int teardown(void **state)
{
    struct streams_fixture *f = *state;

    nats_server_fini(&f->nats);
    return 0;
}

/* ---- looking at it with libnats ---- */

struct peer {
    natsConnection *nc;
    jsCtx *js;
};

static struct peer peer_open(const struct streams_fixture *f)
{
    natsOptions *o = NULL;
    struct peer peer = {0};

    assert_int_equal(natsOptions_Create(&o), NATS_OK);
    assert_int_equal(natsOptions_SetURL(o, f->nats.url), NATS_OK);
    assert_int_equal(natsOptions_SetUserInfo(o, "operator", "s3cret"), NATS_OK);
    assert_int_equal(natsConnection_Connect(&peer.nc, o), NATS_OK);
    assert_int_equal(natsConnection_JetStream(&peer.js, peer.nc, NULL), NATS_OK);
    natsOptions_Destroy(o);
    return peer;
}

static void peer_close(struct peer *peer)
{
    jsCtx_Destroy(peer->js);
    natsConnection_Destroy(peer->nc);
}

static jsStreamInfo *peer_look(struct peer *peer, const char *name)
{
    jsStreamInfo *info = NULL;

    assert_int_equal(js_GetStreamInfo(&info, peer->js, name, NULL, NULL), NATS_OK);
    return info;
}

static void peer_add(struct peer *peer, jsStreamConfig *config)
{
    static const char *subjects[] = {"small.>"};

    config->Name = "SMALL";
    config->Subjects = subjects;
    config->SubjectsLen = 1;
    assert_int_equal(js_AddStream(NULL, peer->js, config, NULL, NULL), NATS_OK);
}

static bool publish_is_duplicate(struct peer *peer, const char *subject, const char *id)
{
    jsPubOptions options;
    jsPubAck *ack = NULL;
    bool duplicate;

    jsPubOptions_Init(&options);
    options.MsgId = id;
    assert_int_equal(js_Publish(&ack, peer->js, subject, "x", 1, &options, NULL), NATS_OK);
    duplicate = ack->Duplicate;
    jsPubAck_Destroy(ack);
    return duplicate;
}

/* ---- cases ---- */

static void what_is_missing_is_created_and_again_nothing_changes(void **state)
{
    struct streams_fixture *f = *state;

    streams_expect(f, STREAMS, 1, ST_OK, STREAM_EVENTS ": created with replicas 1\n");
    streams_expect(f, STREAMS, 1, ST_OK, STREAM_EVENTS ": unchanged\n");
}

static void events_are_kept_once_an_id(void **state)
{
    struct streams_fixture *f = *state;
    struct peer peer = peer_open(f);
    jsStreamInfo *info;

    streams_expect(f, STREAMS, 1, ST_OK, "created");
    assert_false(publish_is_duplicate(&peer, "event.auth.account_created", "1"));
    assert_true(publish_is_duplicate(&peer, "event.auth.account_created", "1"));
    assert_false(publish_is_duplicate(&peer, "event.auth.account_activated", "2"));
    info = peer_look(&peer, STREAM_EVENTS);
    assert_int_equal(info->State.Msgs, 2);
    assert_int_equal(info->Config->Storage, js_FileStorage);
    jsStreamInfo_Destroy(info);
    peer_close(&peer);
}

static void limits_are_updated_and_what_it_keeps_stays(void **state)
{
    struct streams_fixture *f = *state;
    struct stream_spec grown[] = {STREAMS_SMALL[0], STREAMS_SMALL[1]};
    struct peer peer = peer_open(f);
    jsStreamInfo *info;

    grown[0].max_age_s = 120;
    grown[0].max_bytes = 2 << 20;
    grown[0].duplicates_s = 20;
    streams_expect(f, STREAMS_SMALL, 1, ST_OK, "created");
    assert_false(publish_is_duplicate(&peer, "small.x", "1"));
    streams_expect(f, grown, 1, ST_OK,
                   "SMALL: updated: max_age_s 60 -> 120, max_bytes 1048576 -> 2097152,"
                   " duplicates_s 10 -> 20\n");
    info = peer_look(&peer, "SMALL");
    assert_int_equal(info->State.Msgs, 1);
    assert_int_equal(info->Config->MaxAge, INT64_C(120000000000));
    jsStreamInfo_Destroy(info);
    streams_expect(f, grown, 1, ST_OK, "unchanged");
    peer_close(&peer);
}

static void what_rows_do_not_speak_of_is_left_alone(void **state)
{
    struct streams_fixture *f = *state;
    struct peer peer = peer_open(f);
    jsStreamConfig config;
    jsStreamInfo *info;

    jsStreamConfig_Init(&config);
    config.DenyDelete = true;
    config.MaxMsgs = 7;
    peer_add(&peer, &config);
    streams_expect(f, STREAMS_SMALL, 1, ST_OK, "max_msgs 7 -> -1");
    info = peer_look(&peer, "SMALL");
    assert_true(info->Config->DenyDelete);
    assert_int_equal(info->Config->MaxMsgs, -1);
    jsStreamInfo_Destroy(info);
    peer_close(&peer);
}

static void what_nats_cannot_change_is_refused_by_name(void **state)
{
    struct streams_fixture *f = *state;
    struct peer peer = peer_open(f);
    jsStreamConfig config;
    jsStreamInfo *info;

    jsStreamConfig_Init(&config);
    config.Storage = js_MemoryStorage;
    peer_add(&peer, &config);
    streams_expect(f, STREAMS_SMALL, 1, ST_CONFLICT,
                   "SMALL: cannot update storage memory -> file, ");
    assert_non_null(strstr(f->why, "can not change storage type"));
    info = peer_look(&peer, "SMALL");
    assert_int_equal(info->Config->MaxAge, 0); /* nothing of it was done */
    jsStreamInfo_Destroy(info);
    peer_close(&peer);
}

static void a_subject_of_another_stream_is_refused(void **state)
{
    struct streams_fixture *f = *state;
    struct stream_spec twice[] = {STREAMS_SMALL[0], STREAMS_SMALL[0], STREAMS_SMALL[1]};

    twice[1].name = "SECOND";
    streams_expect(f, twice, 1, ST_CONFLICT, "SECOND: cannot create");
    assert_non_null(strstr(f->why, "overlap"));
    assert_string_equal(f->done, "SMALL: created with replicas 1\n");
}

static void replicas_need_a_cluster(void **state)
{
    struct streams_fixture *f = *state;

    streams_expect(f, STREAMS_SMALL, 3, ST_CONFLICT, "SMALL: cannot create with replicas 3: ");
    streams_expect(f, STREAMS_SMALL, 1, ST_OK, "created");
    streams_expect(f, STREAMS_SMALL, 3, ST_CONFLICT, "SMALL: cannot update replicas 1 -> 3: ");
}

static void an_account_without_jetstream_is_refused(void **state)
{
    struct streams_fixture *f = *state;

    f->config.user = "guest";
    streams_expect(f, STREAMS_SMALL, 1, ST_CONFLICT, "JetStream not enabled");
}

static void wrong_credentials_are_not_tried_again(void **state)
{
    struct streams_fixture *f = *state;

    f->config.password = "wrong";
    assert_int_equal(streams_ensure(f, STREAMS_SMALL, 1, STREAMS_PATIENCE_S), ST_UNAUTHENTICATED);
    assert_int_equal(f->n_waits, 0);
    assert_non_null(strstr(f->why, "password"));
}

static void a_user_who_may_only_look_is_told_so(void **state)
{
    struct streams_fixture *f = *state;

    f->config.user = "inspector";
    streams_expect(f, STREAMS_SMALL, 1, ST_FORBIDDEN, "$JS.API.STREAM.CREATE.SMALL");
}

static void an_unreadable_authority_is_named(void **state)
{
    struct streams_fixture *f = *state;

    f->config.tls_ca = "/nonexistent/ca.pem";
    streams_expect(f, STREAMS_SMALL, 1, ST_INVALID, "/nonexistent/ca.pem");
}

static void a_server_that_is_away_is_not_waited_for_without_being_asked_to(void **state)
{
    struct streams_fixture *f = *state;

    nats_server_kill(&f->nats);
    streams_expect(f, STREAMS_SMALL, 1, ST_UNAVAILABLE, "cannot connect to NATS");
    assert_int_equal(f->n_waits, 0);
}

static void start_server(struct streams_fixture *f)
{
    assert_true(nats_server_start(&f->nats));
    f->on_wait = NULL;
}

static void a_server_that_comes_later_is_waited_for(void **state)
{
    struct streams_fixture *f = *state;

    nats_server_kill(&f->nats);
    f->on_wait = start_server;
    assert_int_equal(streams_ensure(f, STREAMS_SMALL, 1, STREAMS_PATIENCE_S), ST_OK);
    assert_int_equal(f->n_waits, 1);
    assert_string_equal(f->done, "SMALL: created with replicas 1\n");
}

static void a_server_without_jetstream_is_told_so(void **state)
{
    struct streams_fixture *f = *state;
    struct nats_server plain;

    assert_true(nats_server_init(&plain, ""));
    f->config.url = plain.url;
    f->config.user = NULL;
    streams_expect(f, STREAMS_SMALL, 1, ST_UNAVAILABLE, "is JetStream enabled?");
    nats_server_fini(&plain);
}

#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREAM_TEST(what_is_missing_is_created_and_again_nothing_changes),
        STREAM_TEST(events_are_kept_once_an_id),
        STREAM_TEST(limits_are_updated_and_what_it_keeps_stays),
        STREAM_TEST(what_rows_do_not_speak_of_is_left_alone),
        STREAM_TEST(what_nats_cannot_change_is_refused_by_name),
        STREAM_TEST(a_subject_of_another_stream_is_refused),
        STREAM_TEST(replicas_need_a_cluster),
        STREAM_TEST(an_account_without_jetstream_is_refused),
        STREAM_TEST(wrong_credentials_are_not_tried_again),
        STREAM_TEST(a_user_who_may_only_look_is_told_so),
        STREAM_TEST(an_unreadable_authority_is_named),
        STREAM_TEST(a_server_that_is_away_is_not_waited_for_without_being_asked_to),
        STREAM_TEST(a_server_that_comes_later_is_waited_for),
        STREAM_TEST(a_server_without_jetstream_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
