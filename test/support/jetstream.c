/* jetstream.c - see jetstream.h. */
#include "test/support/jetstream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 120000 };

static void connect_to(struct jetstream *j)
{
    jsOptions options;
    natsOptions *o = NULL;

    assert_int_equal(jsOptions_Init(&options), NATS_OK);
    options.Wait = PATIENCE_MS;
    assert_int_equal(natsOptions_Create(&o), NATS_OK);
    assert_int_equal(natsOptions_SetURL(o, j->server.url), NATS_OK);
    assert_int_equal(natsOptions_SetTimeout(o, PATIENCE_MS), NATS_OK);
    assert_int_equal(natsConnection_Connect(&j->nc, o), NATS_OK);
    assert_int_equal(natsConnection_JetStream(&j->js, j->nc, &options), NATS_OK);
    natsOptions_Destroy(o);
}

static void disconnect(struct jetstream *j)
{
    jsCtx_Destroy(j->js);
    natsConnection_Destroy(j->nc);
    j->js = NULL;
    j->nc = NULL;
}

void jetstream_make_stream(struct jetstream *j)
{
    static const char *subjects[] = {"event.>"};
    jsStreamConfig config;

    assert_int_equal(jsStreamConfig_Init(&config), NATS_OK);
    config.Name = "EVENTS";
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    assert_int_equal(js_AddStream(NULL, j->js, &config, NULL, NULL), NATS_OK);
}

bool jetstream_init(struct jetstream *j)
{
    memset(j, 0, sizeof(*j));
    if (!nats_server_init(&j->server, "jetstream: enabled"))
        return false;
    connect_to(j);
    jetstream_make_stream(j);
    return true;
}

void jetstream_restart(struct jetstream *j, bool empty)
{
    disconnect(j);
    nats_server_kill(&j->server);
    if (empty)
        nats_server_forget(&j->server);
    assert_true(nats_server_start(&j->server));
    connect_to(j);
}

static void run_while_stopped(struct jetstream *j, const char *format)
{
    const char *folder = j->server.folder;
    char command[512];

    disconnect(j);
    nats_server_kill(&j->server);
    snprintf(command, sizeof(command), format, folder, folder, folder, folder);
    assert_int_equal(system(command), 0);
    assert_true(nats_server_start(&j->server));
    connect_to(j);
}

void jetstream_keep(struct jetstream *j)
{
    run_while_stopped(j,
                      "rm -rf %s/kept && cp -a %s/jetstream/'$G'/streams/EVENTS/msgs %s/kept # %s");
}

void jetstream_lose(struct jetstream *j)
{
    run_while_stopped(j, "rm -rf %s/jetstream/'$G'/streams/EVENTS/msgs && "
                         "cp -a %s/kept %s/jetstream/'$G'/streams/EVENTS/msgs # %s");
}

void jetstream_lose_consumers(struct jetstream *j)
{
    run_while_stopped(j,
                      "cd %s/jetstream/'$G'/streams/EVENTS && rm -rf msgs && cp -a %s/kept msgs && "
                      "for o in obs/*; do : >$o/meta.inf; done # %s %s");
}

void jetstream_publish(struct jetstream *j, const char *subject, const char *const headers[],
                       const char *data)
{
    natsMsg *msg = NULL;

    assert_int_equal(natsMsg_Create(&msg, subject, NULL, data, (int)strlen(data)), NATS_OK);
    for (size_t i = 0; headers && headers[i]; i += 2)
        assert_int_equal(natsMsgHeader_Set(msg, headers[i], headers[i + 1]), NATS_OK);
    assert_int_equal(js_PublishMsg(NULL, j->js, msg, NULL, NULL), NATS_OK);
    natsMsg_Destroy(msg);
}

void jetstream_fini(struct jetstream *j)
{
    disconnect(j);
    nats_server_fini(&j->server);
}
