/* gateway.c - see gateway.h. */
#include "protocol/gateway.h"

static const struct field WELCOME_FIELDS[] = {
    FIELD(struct welcome, service, "service", FIELD_TEXT, FIELD_REQUIRED, .doc = "Always hanok."),
    FIELD(struct welcome, version, "version", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "The gateway's version."),
};

const struct descriptor WELCOME =
    DESCRIPTOR(struct welcome, "Welcome", WELCOME_FIELDS, "Who is there.");

static const char *const STATES[] = {
#define X(name, text) text,
    HEALTH_LIST(X)
#undef X
        NULL,
};

static const struct field CHECKS_FIELDS[] = {
    FIELD(struct health_checks, nats, "nats", FIELD_ENUM, FIELD_REQUIRED, .names = STATES,
          .doc = "Whether services can be asked."),
    FIELD(struct health_checks, token_keys, "tokenKeys", FIELD_ENUM, FIELD_REQUIRED,
          .names = STATES, .doc = "Whether it is known by which keys tokens are checked."),
};

static const struct descriptor CHECKS =
    DESCRIPTOR(struct health_checks, "HealthChecks", CHECKS_FIELDS, "What was looked at.");

static const struct field HEALTH_FIELDS[] = {
    FIELD(struct health, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = STATES,
          .doc = "ok when all checks are."),
    FIELD(struct health, checks, "checks", FIELD_OBJECT, FIELD_REQUIRED, .item = &CHECKS,
          .doc = "What was looked at."),
};

const struct descriptor HEALTH =
    DESCRIPTOR(struct health, "Health", HEALTH_FIELDS, "Whether requests can be served.");
