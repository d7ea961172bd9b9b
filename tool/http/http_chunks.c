/* http_chunks.c - see http_chunks.h. */
#include "tool/http/http_chunks.h"

#include "tool/core/hex.h"
#include "tool/http/http_bytes.h"

enum state {
    SIZE,      /* its digits */
    BLANK,     /* behind the size: only an extension may follow */
    EXTENSION, /* until the end of the line */
    SIZE_END,  /* LF behind the size's CR */
    DATA,      /* of the chunk */
    DATA_CR,   /* behind them */
    DATA_LF,   /* behind that */
    TRAILER,   /* a line begins: a field, or the end */
    FIELD,     /* inside one */
    FIELD_LF,  /* LF behind its CR */
    LAST_LF,   /* LF behind the CR of the empty line */
};

enum { DIGITS_MAX = 16 };

void http_chunks_init(struct http_chunks *self, size_t extras_max)
{
    *self = (struct http_chunks){.state = SIZE, .extras_max = extras_max};
}

static enum state refuse(struct http_chunks *self, int status, const char *why)
{
    self->status = status;
    self->why = why;
    return (enum state)self->state;
}

static enum state expect(struct http_chunks *self, char got, char want, enum state next)
{
    return got == want ? next : refuse(self, 400, "A chunk's line does not end with CR LF.");
}

static enum state take_size(struct http_chunks *self, char c)
{
    int digit = hex_value(c);

    if (digit >= 0) {
        if (++self->digits > DIGITS_MAX)
            return refuse(self, 400, "A chunk's size has more than 16 digits.");
        self->left = self->left << 4 | (unsigned)digit;
        return SIZE;
    }
    if (self->digits == 0)
        return refuse(self, 400, "A chunk's size is not a hexadecimal number.");
    self->digits = 0;
    if (c == '\r')
        return SIZE_END;
    if (c == ';')
        return EXTENSION;
    if (c == ' ' || c == '\t')
        return BLANK;
    return refuse(self, 400, "A chunk's size is not a hexadecimal number.");
}

static enum state take_extension(struct http_chunks *self, char c)
{
    if (++self->extras > self->extras_max)
        return refuse(self, 413, "The extensions of the chunks are too large.");
    if (c == '\r' && self->state == EXTENSION)
        return SIZE_END;
    if (self->state == BLANK && c != ' ' && c != '\t' && c != ';')
        return refuse(self, 400, "Behind a chunk's size only an extension may follow.");
    if (http_is_control(c))
        return refuse(self, 400, "A chunk's extension holds a control character.");
    return self->state == BLANK && c != ';' ? BLANK : EXTENSION;
}

static enum state take_trailer(struct http_chunks *self, char c)
{
    bool begins = self->state == TRAILER;

    if (begins)
        self->named = false;
    if (c == '\r' && begins)
        return LAST_LF;
    if (++self->extras > self->extras_max)
        return refuse(self, 431, "The trailer is too large.");
    if (c == '\r' && self->named)
        return FIELD_LF;
    if (c == ':' && !begins)
        self->named = true;
    else if (self->named ? http_is_control(c) : !http_is_tchar(c))
        return refuse(self, 400, "The trailer is not made of fields.");
    return FIELD;
}

static enum state step(struct http_chunks *self, char c)
{
    switch ((enum state)self->state) {
    case SIZE:
        return take_size(self, c);
    case BLANK:
    case EXTENSION:
        return take_extension(self, c);
    case SIZE_END:
        return expect(self, c, '\n', self->left > 0 ? DATA : TRAILER);
    case DATA:
        break; /* taken by the piece */
    case DATA_CR:
        return expect(self, c, '\r', DATA_LF);
    case DATA_LF:
        return expect(self, c, '\n', SIZE);
    case TRAILER:
    case FIELD:
        return take_trailer(self, c);
    case FIELD_LF:
        return expect(self, c, '\n', TRAILER);
    case LAST_LF:
        self->ended = c == '\n';
        return expect(self, c, '\n', LAST_LF);
    }
    return (enum state)self->state;
}

size_t http_chunks_take(struct http_chunks *self, const char *bytes, size_t len, size_t *n_data)
{
    size_t taken = 0;

    *n_data = 0;
    while (taken < len && self->state != DATA && !self->status && !self->ended)
        self->state = (int)step(self, bytes[taken++]);
    if (self->state == DATA && taken < len) {
        *n_data = self->left < len - taken ? (size_t)self->left : len - taken;
        self->left -= *n_data;
        if (self->left == 0)
            self->state = DATA_CR;
    }
    return taken + *n_data;
}
