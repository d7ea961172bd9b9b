/* health.h - what the gateway says of itself. Plain values. */
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H

struct welcome {
    char service[16], version[32];
};

#define HEALTH_LIST(X)                                                                             \
    X(HEALTH_OK, "ok")                                                                             \
    X(HEALTH_UNAVAILABLE, "unavailable")

enum health_state {
#define X(name, text) name,
    HEALTH_LIST(X)
#undef X
};

struct health {
    enum health_state status; /* of all of it */
    struct health_checks {
        enum health_state nats, token_keys;
    } checks;
};

#endif
