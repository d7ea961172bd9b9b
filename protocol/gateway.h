/* gateway.h - what the gateway answers by itself. */
#ifndef PROTOCOL_GATEWAY_H
#define PROTOCOL_GATEWAY_H

#include "model/health.h"
#include "tool/encoder/descriptor.h"

extern const struct descriptor WELCOME; /* struct welcome */
extern const struct descriptor HEALTH;  /* struct health */

#endif
