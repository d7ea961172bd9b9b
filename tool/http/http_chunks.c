/* http_chunks.c - see http_chunks.h. */
#include "tool/http/http_chunks.h"

#include <string.h>

#include "tool/core/hex.h"
#include "tool/http/http_bytes.h"

enum state {
    SIZE,        /* its digits */
    BLANK,       /* behind the size or an extension: only another extension may follow */
    NAME_FIRST,  /* behind the ';' of an extension */
    NAME,        /* of an extension */
    NAME_BLANK,  /* behind that */
    VALUE_FIRST, /* behind its '=' */
    VALUE,       /* a token */
    QUOTED,      /* a text in quotes */
    ESCAPED,     /* behind a backslash in there */
    QUOTED_END,  /* behind its last quote */
    SIZE_END,    /* LF behind the size's CR */
    DATA,        /* of the chunk */
    DATA_CR,     /* behind them */
    DATA_LF,     /* behind that */
    TRAILER,     /* a line begins: a field, or the end */
    FIELD,       /* inside one */
    FIELD_LF,    /* LF behind its CR */
    LAST_LF,     /* LF behind the CR of the empty line */
};

enum { DIGITS_MAX = 16 };

/* What a character is in an extension. */
enum kind { TOKEN, SPACE, EQUALS, SEMICOLON, QUOTE, BACKSLASH, END, OTHER, KINDS };

/* The state behind it; SIZE: it may not stand there. */
/* clang-format off */
static const enum state EXTENSIONS[][KINDS] = {
    [BLANK]       = {[SPACE] = BLANK, [SEMICOLON] = NAME_FIRST},
    [NAME_FIRST]  = {[SPACE] = NAME_FIRST, [TOKEN] = NAME},
    [NAME]        = {[TOKEN] = NAME, [SPACE] = NAME_BLANK, [EQUALS] = VALUE_FIRST, [SEMICOLON] = NAME_FIRST, [END] = SIZE_END},
    [NAME_BLANK]  = {[SPACE] = NAME_BLANK, [EQUALS] = VALUE_FIRST, [SEMICOLON] = NAME_FIRST},
    [VALUE_FIRST] = {[SPACE] = VALUE_FIRST, [TOKEN] = VALUE, [QUOTE] = QUOTED},
    [VALUE]       = {[TOKEN] = VALUE, [SPACE] = BLANK, [SEMICOLON] = NAME_FIRST, [END] = SIZE_END},
    [QUOTED]      = {QUOTED, QUOTED, QUOTED, QUOTED, [QUOTE] = QUOTED_END, [BACKSLASH] = ESCAPED, [OTHER] = QUOTED},
    [ESCAPED]     = {QUOTED, QUOTED, QUOTED, QUOTED, QUOTED, QUOTED, [OTHER] = QUOTED},
    [QUOTED_END]  = {[SPACE] = BLANK, [SEMICOLON] = NAME_FIRST, [END] = SIZE_END},
};
/* clang-format on */

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
        return NAME_FIRST;
    if (c == ' ' || c == '\t')
        return BLANK;
    return refuse(self, 400, "A chunk's size is not a hexadecimal number.");
}

static enum kind kind_of(char c)
{
    static const char SIGNS[] = " =;\"\\\r"; /* in the order of their kinds */
    const char *sign = strchr(SIGNS, c);

    if (http_is_tchar(c))
        return TOKEN;
    if (c == '\t')
        return SPACE;
    return sign && c ? (enum kind)(SPACE + (sign - SIGNS)) : OTHER;
}

static enum state take_extension(struct http_chunks *self, char c)
{
    enum kind kind = kind_of(c);
    enum state next = EXTENSIONS[self->state][kind];

    if (++self->extras > self->extras_max)
        return refuse(self, 413, "The extensions of the chunks are too large.");
    if (kind == OTHER && http_is_control(c))
        return refuse(self, 400, "A chunk's extension holds a control character.");
    if (next == SIZE)
        return refuse(self, 400, "A chunk's extensions are ;NAME, ;NAME=TOKEN or ;NAME=\"TEXT\".");
    return next;
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
    case NAME_FIRST:
    case NAME:
    case NAME_BLANK:
    case VALUE_FIRST:
    case VALUE:
    case QUOTED:
    case ESCAPED:
    case QUOTED_END:
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
