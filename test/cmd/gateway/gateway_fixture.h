/* gateway_fixture.h - the gateway between real HTTP and a real NATS; the services are played. The
 * test's thread turns the one loop, so nothing happens behind its back. */
#ifndef TEST_CMD_GATEWAY_GATEWAY_FIXTURE_H
#define TEST_CMD_GATEWAY_GATEWAY_FIXTURE_H

#include "cmd/gateway/gateway.h"
#include "test/support/nats_server.h"
#include "tool/message/responder.h"

enum { GATEWAY_PATIENCE_MS = 120000, GATEWAY_REPLY_MAX = 65536, GATEWAY_HELD_MAX = 64 };

/* A service that says what the test told it to. */
struct played {
    struct gateway_fixture *f;
    const char *data; /* NULL = no answer at all */
    struct message_header header[2];
    struct problem *problem;
    struct call call; /* of the last request, as it came */
    char body[256];
    bool has_prefer;
    unsigned n; /* requests so far */
};

/* Both ends. */
struct gateway_fixture {
    struct nats_server nats;
    struct loop *loop;
    struct metrics *metrics;
    struct link *link, *far; /* the gateway's, the services' */
    struct message_client *client;
    struct responder_spec auth_specs[6], check_specs[1], user_specs[2];
    struct responder *auth, *check, *user; /* check: auth.check alone, to be taken away */
    struct played auth_played, check_played, user_played;
    struct responder_request *held[GATEWAY_HELD_MAX]; /* that are not answered until the end */
    unsigned n_held, n_jwks;
    bool no_jwks;
    char dir[64];
    struct token_issuer *issuer;
    struct token_key_set keys; /* that auth.jwks tells */
    struct gateway gw;
};

#define JSON "Content-Type: application/json\r\n"

extern char gateway_reply[GATEWAY_REPLY_MAX]; /* what came over HTTP last, head and body */

extern int64_t gateway_beat_ms; /* --live-beat-ms of those that are set up from now on */

/** cmocka's setup: NATS, services and gateway are up, and the gateway knows the keys. */
int gateway_setup(void **state);
/** The same while nobody tells it the keys: until no_jwks is unset. */
int gateway_setup_without_keys(void **state);
int gateway_teardown(void **state);

/** Sends a request; fields end with \r\n each; body NULL = none. The socket, for gateway_get. */
int gateway_put(struct gateway_fixture *f, const char *method, const char *path, const char *fields,
                const char *body);
/** Reads the whole answer into gateway_reply; its status. */
int gateway_get(struct gateway_fixture *f, int fd);
int gateway_ask(struct gateway_fixture *f, const char *method, const char *path, const char *fields,
                const char *body);
/** Whether part is in gateway_reply. */
bool gateway_says(const char *part);

struct token_issuer *gateway_issuer(const char *dir);
extern const struct uuid GATEWAY_SESSION; /* of the tokens of gateway_bearer */
/** An Authorization field with a token for subject, role admin; overwritten by the next call. */
const char *gateway_bearer(struct token_issuer *issuer, struct uuid subject);
void gateway_write_routes(const struct gateway_fixture *f, const char *routes);

/** Turns the loop until done(f); fails the test when that takes half a minute. */
void gateway_turn_until(struct gateway_fixture *f, bool (*done)(struct gateway_fixture *f),
                        const char *what);
bool gateway_links_are_up(struct gateway_fixture *f);
bool gateway_keys_are_known(struct gateway_fixture *f);
bool gateway_somebody_waits(struct gateway_fixture *f);
bool gateway_nobody_waits(struct gateway_fixture *f);

#endif
