/* tls_server_test.c - which TLS is spoken with whom, and certificates that change meanwhile. */
#include "tool/tls/tls_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ssl.h>

#include "test/support/certificates.h"
#include "tool/core/mem.h"
#include "tool/tls/tls_client.h"

enum { STEPS_MAX = 100000, BIG = 1 << 20 };

static char folder[] = "/tmp/hanok-tls-XXXXXX", certificate[64], key[64], why[TLS_WHY_MAX + 1];

static int make_all(void **state)
{
    (void)state;
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); /* as services do */
    if (!mkdtemp(folder) || !certificates_make(folder, "ca", 2) ||
        !certificates_make(folder, "other", 9))
        return -1;
    snprintf(certificate, sizeof(certificate), "%s/now.pem", folder);
    snprintf(key, sizeof(key), "%s/now.key", folder);
    return 0;
}

static int remove_all(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

/* What is served is whose from now on; a part is .pem or .key. */
static void put(const char *whose, const char *part)
{
    char command[192];

    snprintf(command, sizeof(command), "cp -p %s/%s-server.%s %s/now.%s", folder, whose, part,
             folder, part);
    assert_int_equal(system(command), 0);
}

static struct tls_server *serve(const char *whose)
{
    struct tls_server *server;

    put(whose, "pem");
    put(whose, "key");
    server = tls_server_create(certificate, key, "http/1.1", why);
    if (!server)
        fail_msg("%s", why);
    return server;
}

/* Both ends of a connection, turned by hand. */
struct pair {
    struct tls_client *ours;
    SSL_CTX *ctx;
    SSL *theirs;
    int fds[2];
};

static void connect_pair(struct pair *p, const struct tls_server *server)
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->fds), 0);
    p->ours = tls_client_create(server, p->fds[0]);
    p->ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(p->ctx, 0);
    p->theirs = SSL_new(p->ctx);
    SSL_set_fd(p->theirs, p->fds[1]);
}

static void end_pair(struct pair *p)
{
    tls_client_destroy(p->ours);
    SSL_free(p->theirs);
    SSL_CTX_free(p->ctx);
    close(p->fds[0]);
    close(p->fds[1]);
}

/* False: they do not come together. */
static bool shake_hands(struct pair *p)
{
    char byte;
    ssize_t n = -1;
    int done = 0;

    for (int i = 0; i < STEPS_MAX && (done != 1 || n >= 0 || errno != EAGAIN); i++) {
        done = SSL_connect(p->theirs);
        if (done != 1 && SSL_get_error(p->theirs, done) != SSL_ERROR_WANT_READ)
            return false;
        n = tls_client_receive(p->ours, &byte, 1);
        if (n < 0 && errno != EAGAIN)
            return false;
    }
    return done == 1 && !tls_client_failure(p->ours);
}

static bool is_spoken(const struct tls_server *server, int version, const char *ciphers,
                      const char *alpn)
{
    struct pair p;
    bool spoken;

    connect_pair(&p, server);
    if (version) {
        SSL_set_min_proto_version(p.theirs, version);
        SSL_set_max_proto_version(p.theirs, version);
    }
    if (ciphers)
        assert_int_equal(SSL_set_cipher_list(p.theirs, ciphers), 1);
    if (alpn)
        SSL_set_alpn_protos(p.theirs, (const unsigned char *)alpn, (unsigned)strlen(alpn));
    spoken = shake_hands(&p);
    end_pair(&p);
    return spoken;
}

static void only_todays_tls_is_spoken(void **state)
{
    static const struct {
        const char *what;
        int version;
        const char *ciphers, *alpn;
        bool want;
    } cases[] = {
        {"whatever both know", 0,              NULL,                            NULL,                 true },
        {"1.3",                TLS1_3_VERSION, NULL,                            NULL,                 true },
        {"1.2",                TLS1_2_VERSION, NULL,                            NULL,                 true },
        {"1.1",                TLS1_1_VERSION, NULL,                            NULL,                 false},
        {"1.0",                TLS1_VERSION,   NULL,                            NULL,                 false},
        {"AEAD",               TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", NULL,                 true },
        {"CBC",                TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256",     NULL,                 false},
        {"no forward secrecy", TLS1_2_VERSION, "AES128-GCM-SHA256",             NULL,                 false},
        {"HTTP/1.1",           0,              NULL,                            "\x08http/1.1",       true },
        {"HTTP/2 or 1.1",      0,              NULL,                            "\x02h2\x08http/1.1", true },
        {"HTTP/2",             0,              NULL,                            "\x02h2",             false},
    };
    struct tls_server *server = serve("ca");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (is_spoken(server, cases[i].version, cases[i].ciphers, cases[i].alpn) != cases[i].want)
            fail_msg("%s", cases[i].what);
    tls_server_destroy(server);
}

/* All of ours to them, in pieces of whatever size goes. */
static void send_all(struct pair *p, const char *data, size_t len)
{
    static char got[BIG];
    struct pollfd full = {.fd = p->fds[0], .events = POLLOUT};
    size_t sent = 0, received = 0;

    for (int i = 0; i < STEPS_MAX && received < len; i++) {
        struct iovec parts[] = {
            {.iov_base = (char *)data + sent, .iov_len = (len - sent) / 3             },
            {.iov_base = NULL,                .iov_len = 0                            },
            {.iov_base = NULL,                .iov_len = len - sent - (len - sent) / 3},
        };
        ssize_t n = 0;
        int read;

        parts[1].iov_base = parts[2].iov_base = (char *)data + sent + parts[0].iov_len;
        if (sent < len)
            n = tls_client_send(p->ours, parts, ARRAY_LEN(parts));
        if (sent < len && n >= 0) /* less than all only where the socket is full */
            assert_true(sent + (size_t)n == len || poll(&full, 1, 0) == 0);
        assert_true(n >= 0 || errno == EAGAIN);
        sent += n > 0 ? (size_t)n : 0;
        read = SSL_read(p->theirs, got + received, (int)(sizeof(got) - received));
        received += read > 0 ? (size_t)read : 0;
    }
    assert_int_equal(received, len);
    assert_memory_equal(got, data, len);
}

static void receive_all(struct pair *p, const char *data, size_t len)
{
    static char got[BIG];
    size_t sent = 0, received = 0;

    for (int i = 0; i < STEPS_MAX && received < len; i++) {
        int n = sent < len ? SSL_write(p->theirs, data + sent, (int)(len - sent)) : 0;
        ssize_t read;

        sent += n > 0 ? (size_t)n : 0;
        read = tls_client_receive(p->ours, got + received, sizeof(got) - received);
        assert_true(read > 0 || errno == EAGAIN);
        received += read > 0 ? (size_t)read : 0;
    }
    assert_int_equal(received, len);
    assert_memory_equal(got, data, len);
}

static void bytes_come_and_go(void **state)
{
    static const size_t SIZES[] = {1, 100, 16384, 16385, BIG};
    struct tls_server *server = serve("ca");
    char *data = mem_alloc(1, BIG), byte;
    struct pair p;

    (void)state;
    for (size_t i = 0; i < BIG; i++)
        data[i] = (char)(i * 7 + i / 251);
    connect_pair(&p, server);
    assert_true(shake_hands(&p));
    for (size_t i = 0; i < ARRAY_LEN(SIZES); i++) {
        send_all(&p, data, SIZES[i]);
        receive_all(&p, data, SIZES[i]);
    }
    tls_client_end(p.ours);
    assert_int_equal(SSL_read(p.theirs, &byte, 1), 0);
    assert_int_equal(SSL_get_shutdown(p.theirs), SSL_RECEIVED_SHUTDOWN);
    SSL_shutdown(p.theirs);
    assert_int_equal(tls_client_receive(p.ours, &byte, 1), 0);
    end_pair(&p);
    free(data);
    tls_server_destroy(server);
}

static void who_speaks_something_else_is_cut(void **state)
{
    static const char *const WORDS[] = {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02",
                                        "\x15\x03\x03"};
    struct tls_server *server = serve("ca");
    struct pair p;
    char byte;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
        connect_pair(&p, server);
        assert_true(write(p.fds[1], WORDS[i], strlen(WORDS[i])) > 0);
        shutdown(p.fds[1], SHUT_WR);
        assert_true(tls_client_receive(p.ours, &byte, 1) <= 0);
        if (i == 0)
            assert_string_equal(tls_client_failure(p.ours), "http request");
        assert_true(tls_client_receive(p.ours, &byte, 1) <= 0);
        tls_client_end(p.ours);
        end_pair(&p);
    }
    tls_server_destroy(server);
}

static void what_will_not_do_is_named(void **state)
{
    static const struct {
        const char *make, *certificate, *key, *want;
    } cases[] = {
        {"true",                                                                             "ca-server.pem", "ca-server.key",    NULL                                    },
        {"true",                                                                             "nothing.pem",   "ca-server.key",    "nothing.pem: No such file or directory"},
        {"true",                                                                             "ca-server.pem", "nothing.key",      "nothing.key: No such file or directory"},
        {"true",                                                                             "ca-server.pem", "other-server.key", "other-server.key: key values mismatch" },
        {"true",                                                                             "ca-server.key", "ca-server.key",    "ca-server.key: no start line"          },
        {"echo nonsense >bad.pem",                                                           "ca-server.pem", "bad.pem",          "bad.pem: "                             },
        {"openssl ec -in ca-server.key -aes128 -passout pass:x -out locked.key 2>/dev/null",
         "ca-server.pem",                                                                                     "locked.key",       "locked.key: "                          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char command[192];
        struct tls_server *server;

        snprintf(command, sizeof(command), "cd %s && %s", folder, cases[i].make);
        assert_int_equal(system(command), 0);
        snprintf(certificate, sizeof(certificate), "%s/%s", folder, cases[i].certificate);
        snprintf(key, sizeof(key), "%s/%s", folder, cases[i].key);
        why[0] = '\0';
        server = tls_server_create(certificate, key, "http/1.1", why);
        if ((server != NULL) != (cases[i].want == NULL) ||
            (cases[i].want && !strstr(why, cases[i].want)))
            fail_msg("%s, %s: '%s'", cases[i].certificate, cases[i].key, why);
        tls_server_destroy(server);
    }
    snprintf(certificate, sizeof(certificate), "%s/now.pem", folder);
    snprintf(key, sizeof(key), "%s/now.key", folder);
}

/* In days from now, rounded. */
static int64_t days_left(const struct tls_server *server)
{
    return (tls_server_not_after_s(server) - (int64_t)time(NULL) + 43200) / 86400;
}

static void certificates_change_while_clients_stay(void **state)
{
    struct tls_server *server = serve("ca");
    struct pair old, new;

    (void)state;
    connect_pair(&old, server);
    assert_true(shake_hands(&old));
    assert_int_equal(days_left(server), 2);
    assert_false(tls_server_settled(server));
    put("other", "pem"); /* in the middle of it they do not belong together */
    assert_false(tls_server_settled(server));
    put("other", "key");
    assert_false(tls_server_settled(server));
    assert_true(tls_server_settled(server));
    assert_false(tls_server_settled(server));
    assert_true(tls_server_reload(server, why));
    assert_int_equal(days_left(server), 9);
    put("ca", "pem");
    assert_false(tls_server_reload(server, why));
    assert_non_null(strstr(why, "now.key: key values mismatch"));
    assert_int_equal(days_left(server), 9);
    connect_pair(&new, server);
    tls_server_destroy(server);
    assert_true(shake_hands(&new));
    send_all(&new, "new", 3);
    send_all(&old, "old", 3);
    end_pair(&new);
    end_pair(&old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_todays_tls_is_spoken),
        cmocka_unit_test(bytes_come_and_go),
        cmocka_unit_test(who_speaks_something_else_is_cut),
        cmocka_unit_test(what_will_not_do_is_named),
        cmocka_unit_test(certificates_change_while_clients_stay),
    };

    return cmocka_run_group_tests(tests, make_all, remove_all);
}
