/* tls_server.c - see tls_server.h. */
#include "tool/tls/tls_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/tls/tls_internal.h"

/* Which version of the two files it is. */
struct stamp {
    struct {
        dev_t dev;
        ino_t ino;
        off_t size;
        struct timespec changed;
    } files[2];
};

struct tls_server {
    struct tls_paths {
        const char *certificate, *key;
    } paths;
    const char *alpn;
    SSL_CTX *ctx;
    struct stamp tried, seen; /* read or not; when asked last */
};

static struct stamp stamp_of(const struct tls_paths *paths)
{
    const char *const names[] = {paths->certificate, paths->key};
    struct stamp stamp;
    struct stat file;

    memset(&stamp, 0, sizeof(stamp)); /* they are compared as bytes */
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (stat(names[i], &file) != 0)
            continue;
        stamp.files[i].dev = file.st_dev;
        stamp.files[i].ino = file.st_ino;
        stamp.files[i].size = file.st_size;
        stamp.files[i].changed = file.st_mtim;
    }
    return stamp;
}

/* ---- the rules ---- */

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *offered, unsigned offered_len, void *arg)
{
    const char *wanted = arg;
    size_t len = strlen(wanted);

    (void)ssl;
    for (unsigned i = 0; i < offered_len; i += 1U + offered[i])
        if (offered[i] == len && memcmp(offered + i + 1, wanted, len) == 0) {
            *out = offered + i + 1;
            *out_len = (unsigned char)len;
            return SSL_TLSEXT_ERR_OK;
        }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *make_context(const char *alpn)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    ASSERT(ctx);
    ASSERT(SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION));
    ASSERT(SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20"));
    ASSERT(SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384"));
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx, 0);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, (void *)alpn);
    return ctx;
}

/* ---- the files ---- */

/* A key that wants a passphrase must not ask a terminal for one. */
static int no_passphrase(char *buf, int size, int writing, void *arg)
{
    (void)buf;
    (void)size;
    (void)writing;
    (void)arg;
    return -1;
}

static void explain(const char *file, char why[TLS_WHY_MAX + 1])
{
    unsigned long error = ERR_peek_error();
    const char *reason = ERR_reason_error_string(error);

    if (ERR_GET_LIB(error) == ERR_LIB_SYS)
        reason = strerror(ERR_GET_REASON(error));
    snprintf(why, TLS_WHY_MAX + 1, "%s: %s", file, reason ? reason : "not as it should be");
    ERR_clear_error();
}

/* A context with both; NULL, and why. */
static SSL_CTX *load(const struct tls_paths *paths, const char *alpn, char why[TLS_WHY_MAX + 1])
{
    SSL_CTX *ctx = make_context(alpn);
    const char *wrong = NULL;

    ERR_clear_error();
    SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
    if (SSL_CTX_use_certificate_chain_file(ctx, paths->certificate) != 1)
        wrong = paths->certificate;
    else if (SSL_CTX_use_PrivateKey_file(ctx, paths->key, SSL_FILETYPE_PEM) != 1 ||
             SSL_CTX_check_private_key(ctx) != 1)
        wrong = paths->key;
    if (!wrong)
        return ctx;
    explain(wrong, why);
    SSL_CTX_free(ctx);
    return NULL;
}

struct tls_server *tls_server_create(const char *certificate, const char *key, const char *alpn,
                                     char why[TLS_WHY_MAX + 1])
{
    const struct tls_paths paths = {.certificate = certificate, .key = key};
    struct stamp stamp = stamp_of(&paths);
    SSL_CTX *ctx = load(&paths, alpn, why);
    struct tls_server *self;

    if (!ctx)
        return NULL;
    self = MEM_NEW(struct tls_server);
    *self = (struct tls_server){.paths = paths, .alpn = alpn, .ctx = ctx};
    self->tried = self->seen = stamp;
    return self;
}

bool tls_server_reload(struct tls_server *self, char why[TLS_WHY_MAX + 1])
{
    SSL_CTX *ctx;

    self->tried = self->seen = stamp_of(&self->paths);
    ctx = load(&self->paths, self->alpn, why);
    if (!ctx)
        return false;
    SSL_CTX_free(self->ctx); /* sessions hold theirs */
    self->ctx = ctx;
    return true;
}

bool tls_server_settled(struct tls_server *self)
{
    struct stamp now = stamp_of(&self->paths);
    bool settled = memcmp(&now, &self->seen, sizeof(now)) == 0;
    bool changed = memcmp(&now, &self->tried, sizeof(now)) != 0;

    self->seen = now;
    if (!changed || !settled)
        return false;
    self->tried = now;
    return true;
}

int64_t tls_server_not_after_s(const struct tls_server *self)
{
    struct tm tm = {0};

    ASSERT(ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(self->ctx)), &tm));
    return (int64_t)timegm(&tm);
}

void tls_server_destroy(struct tls_server *self)
{
    if (!self)
        return;
    SSL_CTX_free(self->ctx);
    free(self);
}

SSL *tls_server_begin(const struct tls_server *self, int fd)
{
    SSL *ssl = SSL_new(self->ctx);

    ASSERT(ssl && SSL_set_fd(ssl, fd) == 1);
    SSL_set_accept_state(ssl);
    return ssl;
}
