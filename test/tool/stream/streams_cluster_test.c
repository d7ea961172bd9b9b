/* streams_cluster_test.c - streams of a cluster of nats-servers that is still gathering. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "test/tool/stream/streams_fixture.h"
#include "tool/core/mem.h"

enum { MEMBERS = 3, CONF_MAX = 511 };

struct cluster {
    struct streams_fixture first; /* its member 0 */
    struct nats_server others[MEMBERS - 1];
    unsigned routes[MEMBERS], n_others;
};

static const char *member_conf(const struct cluster *c, unsigned i, char conf[CONF_MAX + 1])
{
    snprintf(conf, CONF_MAX + 1,
             "server_name: n%u\njetstream: enabled\n"
             "authorization { user: operator, password: s3cret }\n"
             "cluster { name: c, listen: 127.0.0.1:%u, routes: [nats://127.0.0.1:%u,"
             " nats://127.0.0.1:%u, nats://127.0.0.1:%u] }\n",
             i, c->routes[i], c->routes[0], c->routes[1], c->routes[2]);
    return conf;
}

static int setup(void **state)
{
    static struct cluster c;
    char conf[CONF_MAX + 1];

    c = (struct cluster){0};
    for (int i = 0; i < MEMBERS; i++)
        c.routes[i] = server_free_port();
    *state = &c;
    return streams_fixture_init(&c.first, member_conf(&c, 0, conf)) ? 0 : -1;
}

static int teardown(void **state)
{
    struct cluster *c = *state;

    for (unsigned i = 0; i < c->n_others; i++)
        nats_server_fini(&c->others[i]);
    nats_server_fini(&c->first.nats);
    return 0;
}

static void start_the_others(struct streams_fixture *first)
{
    struct cluster *c = container_of(first, struct cluster, first);
    char conf[CONF_MAX + 1];

    for (; c->n_others < MEMBERS - 1; c->n_others++)
        assert_true(
            nats_server_init(&c->others[c->n_others], member_conf(c, c->n_others + 1, conf)));
}

static void ensure(struct streams_fixture *f, int replicas, const char *done)
{
    assert_int_equal(streams_ensure(f, STREAMS_SMALL, replicas, STREAMS_PATIENCE_S), ST_OK);
    assert_string_equal(f->done, done);
}

static void a_cluster_is_waited_for_until_it_has_a_leader(void **state)
{
    struct cluster *c = *state;

    c->first.on_wait = start_the_others;
    ensure(&c->first, 3, "SMALL: created with replicas 3\n");
    assert_int_equal(c->n_others, MEMBERS - 1); /* not before they were there */
    ensure(&c->first, 3, "SMALL: unchanged\n");
}

static void replicas_can_be_fewer_and_more_but_not_more_than_servers(void **state)
{
    struct cluster *c = *state;

    start_the_others(&c->first);
    ensure(&c->first, 1, "SMALL: created with replicas 1\n");
    ensure(&c->first, 3, "SMALL: updated: replicas 1 -> 3\n");
    ensure(&c->first, 1, "SMALL: updated: replicas 3 -> 1\n");
    streams_expect(&c->first, STREAMS_SMALL, 5, ST_UNAVAILABLE, "SMALL: cannot ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_cluster_is_waited_for_until_it_has_a_leader, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(replicas_can_be_fewer_and_more_but_not_more_than_servers,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
