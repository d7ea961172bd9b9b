/* webhook.h - "Webhook-Signature: t=1767225600,v1=<64 hexadecimal digits>": who sends a webhook
 * signs the time and the bytes of its body with a secret that both sides know, HMAC-SHA-256 of
 * "<t>.<body>". Pure; any thread. */
#ifndef TOOL_CRYPTO_WEBHOOK_H
#define TOOL_CRYPTO_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEBHOOK_SIGNATURE_HEADER "Webhook-Signature"
enum { WEBHOOK_SIGNATURE_MAX = 95, WEBHOOK_TOLERANCE_S = 300 };

/** Signs; at_s: wall clock, seconds since 1970. Returns out. */
char *webhook_sign(const char *secret, int64_t at_s, const char *body, size_t len,
                   char out[WEBHOOK_SIGNATURE_MAX + 1]);
/** Whether signature, the header's value, is one of body made within WEBHOOK_TOLERANCE_S of now_s,
 * before or after. Several v1 are fine (a sender that changes its secret signs with both); members
 * that are not known are skipped. Compares in constant time. */
bool webhook_is_signed(const char *secret, const char *signature, const char *body, size_t len,
                       int64_t now_s);

#endif
