/* charge.h - what the card company is asked, and what became of it. Plain values; pure. */
#ifndef CMD_PGSIM_CHARGE_H
#define CMD_PGSIM_CHARGE_H

#include "tool/encoder/descriptor.h"

enum {
    CHARGE_KEY_MAX = 36,
    CHARGE_METHOD_MAX = 63,
    CHARGE_REASON_MAX = 47,
    CHARGE_JSON_MAX = 511, /* bytes of one as JSON */
};

/* A settlement is asked for by whoever plays the card company: what it owes is paid out. */
enum charge_kind {
    CHARGE_AUTHORIZE,
    CHARGE_CAPTURE,
    CHARGE_VOID,
    CHARGE_REFUND,
    CHARGE_SETTLE,
    CHARGE_KINDS
};
enum charge_state { CHARGE_DONE, CHARGE_DECLINED };

struct charge {
    /* asked */
    char key[CHARGE_KEY_MAX + 1];
    int kind;       /* enum charge_kind */
    int64_t amount; /* minor units; 0 only of a void, which needs none */
    char currency[4];
    char method[CHARGE_METHOD_MAX + 1]; /* a token; "" = the operation behaves as any other */
    char of[CHARGE_KEY_MAX + 1];        /* the authorization's key, or of its capture; "" only of an
                                              authorization or a settlement */
    /* decided */
    int state; /* enum charge_state */
    char reason[CHARGE_REASON_MAX + 1];
    int64_t at_us; /* wall clock */
};

/** A question: the members that are asked. */
extern const struct descriptor CHARGE_REQUEST;
/** An answer, and a line of the book: all members but the method. */
extern const struct descriptor CHARGE_ANSWER;
/** A line of the book. */
extern const struct descriptor CHARGE_LINE;

extern const char *const CHARGE_KIND_NAMES[], *const CHARGE_STATE_NAMES[];

/** 1 to CHARGE_KEY_MAX letters, digits, '-' and '_'. */
bool charge_is_key(const char *text, size_t len);
/** What a descriptor cannot say of a question. ST_OK | ST_INVALID, each wrong field named. */
enum status charge_check(const struct charge *asked, struct problem *problem);
/** Whether the same is asked. */
bool charge_is_same(const struct charge *a, const struct charge *b);

#endif
