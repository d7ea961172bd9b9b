/* ack_subject.c - see ack_subject.h. */
#include "tool/stream/ack_subject.h"

#include <stddef.h>
#include <string.h>

static const char PREFIX[] = "$JS.ACK.";
enum { TOKENS_OLD = 7, TOKENS_NEW = 9, TOKENS_MAX = 10 }; /* behind the prefix */

struct token {
    const char *text;
    size_t len;
};

/* How many; TOKENS_MAX + 1 = too many, 0 = one of them is empty. */
static size_t split(const char *text, struct token tokens[TOKENS_MAX])
{
    size_t n = 0;

    for (;;) {
        size_t len = strcspn(text, ".");

        if (len == 0)
            return 0;
        if (n == TOKENS_MAX)
            return TOKENS_MAX + 1;
        tokens[n++] = (struct token){text, len};
        if (text[len] == '\0')
            return n;
        text += len + 1;
    }
}

static bool read_number(const struct token *token, uint64_t *out)
{
    uint64_t v = 0;

    for (size_t i = 0; i < token->len; i++) {
        unsigned digit = (unsigned)(token->text[i] - '0');
        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = v;
    return true;
}

bool ack_subject_read(const char *subject, struct ack_subject *out)
{
    struct token tokens[TOKENS_MAX];
    const struct token *numbers;
    uint64_t stored_ns;
    size_t n;

    if (strncmp(subject, PREFIX, sizeof(PREFIX) - 1) != 0)
        return false;
    n = split(subject + sizeof(PREFIX) - 1, tokens);
    if (n == TOKENS_OLD)
        numbers = tokens + 2;
    else if (n >= TOKENS_NEW)
        numbers = tokens + 4;
    else
        return false;
    if (!read_number(&numbers[0], &out->delivered) || !read_number(&numbers[1], &out->stream_seq) ||
        !read_number(&numbers[3], &stored_ns) || !read_number(&numbers[4], &out->pending))
        return false;
    out->stored_us = (int64_t)(stored_ns / 1000);
    return true;
}
