/* payment_webhook.c - what a provider tells of itself; see payment.h. */
#include "protocol/payment.h"

/* clang-format off */
static const struct field WEBHOOK_FIELDS[] = {
    FIELD(struct webhook, provider, "provider", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_PATH, .rule = &WEBHOOK_PROVIDER_RULE,
          .doc = "Who tells it."),
    FIELD(struct webhook, webhook_signature, "webhookSignature", FIELD_TEXT, FIELD_IN_HEADER, .rule = &WEBHOOK_SIGNATURE_RULE,
          .doc = "t=SECONDS,v1=HEX: HMAC-SHA-256 of seconds, a point and the body."),
    FIELD(struct webhook, body, "body", FIELD_TEXT, FIELD_REQUIRED, .rule = &WEBHOOK_BODY_RULE,
          .doc = "The bytes as they came."),
};
static const struct descriptor WEBHOOK =
    DESCRIPTOR(struct webhook, "PaymentWebhook", WEBHOOK_FIELDS, "That something has happened; not believed, but looked at.");

static const struct field TAKEN_FIELDS[] = {
    FIELD(struct webhook_taken, seen_before, "seenBefore", FIELD_BOOL, FIELD_REQUIRED, .doc = "The event of this id was here already."),
};
static const struct descriptor TAKEN =
    DESCRIPTOR(struct webhook_taken, "WebhookTaken", TAKEN_FIELDS, "It is kept.");

static const struct operation_error WEBHOOK_ERRORS[] = {
    {ST_INVALID, "bad_signature", "It is not signed by that provider, or more than 300 s ago."},
    {ST_NOT_FOUND, "not_found", "No such provider, or it is about nothing that we asked."},
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_WEBHOOK = {
    .subject = "payment.webhook",
    .summary = "Take note that a provider has done something",
    .request = &WEBHOOK,
    .reply = &TAKEN,
    .idempotent = true,
    .errors = WEBHOOK_ERRORS,
};

static const struct field NOTICE_FIELDS[] = {
    FIELD(struct webhook_notice, event_id, "id", FIELD_TEXT, FIELD_REQUIRED, .doc = "Of what has happened: once of this id."),
    FIELD(struct webhook_notice, type, "type", FIELD_TEXT, 0, .doc = "What has happened."),
    FIELD(struct webhook_notice, key, "key", FIELD_UUID, FIELD_REQUIRED, .doc = "The operation it is about."),
};
const struct descriptor WEBHOOK_NOTICE =
    DESCRIPTOR(struct webhook_notice, "WebhookNotice", NOTICE_FIELDS, "What is looked at of a webhook's body.");
/* clang-format on */
