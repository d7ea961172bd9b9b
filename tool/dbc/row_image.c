/* row_image.c - see row_image.h. */
#include "tool/dbc/row_image.h"

#include "tool/dbc/civil.h"

/* As in the protocol. */
enum {
    TYPE_TINY = 1,
    TYPE_SHORT = 2,
    TYPE_LONG = 3,
    TYPE_LONGLONG = 8,
    TYPE_VARCHAR = 15,
    TYPE_DATETIME2 = 18,
    TYPE_ENUM = 247, /* the log has it as STRING, with this in its meta */
    TYPE_BLOB = 252,
    TYPE_STRING = 254,
};

enum { FRACTION_MAX = 6 };

/* How many bytes a table map has about a column; -1: not read here. */
static int meta_len_of(uint8_t type)
{
    switch (type) {
    case TYPE_TINY:
    case TYPE_SHORT:
    case TYPE_LONG:
    case TYPE_LONGLONG:
        return 0;
    case TYPE_BLOB:
    case TYPE_DATETIME2:
        return 1;
    case TYPE_VARCHAR:
    case TYPE_STRING:
        return 2;
    default:
        return -1;
    }
}

static bool is_understood(uint8_t type, uint16_t meta)
{
    if (type == TYPE_BLOB)
        return meta >= 1 && meta <= 4;
    if (type == TYPE_DATETIME2)
        return meta <= FRACTION_MAX;
    if (type == TYPE_ENUM)
        return meta == 1 || meta == 2;
    return type != TYPE_STRING || (meta & 0xff) == TYPE_STRING; /* else SET, or very long */
}

static void name_enum(uint8_t *type, uint16_t *meta)
{
    if (*type == TYPE_STRING && (*meta & 0xff) == TYPE_ENUM) {
        *type = TYPE_ENUM;
        *meta >>= 8;
    }
}

bool row_layout_read(struct row_layout *layout, const uint8_t *types, size_t n, const uint8_t *meta,
                     size_t meta_len)
{
    size_t at = 0;

    if (n > ROW_COLUMNS_MAX)
        return false;
    layout->n = n;
    for (size_t i = 0; i < n; i++) {
        int len = meta_len_of(types[i]);
        if (len < 0 || (size_t)len > meta_len - at)
            return false;
        layout->columns[i].type = types[i];
        layout->columns[i].meta = len > 0 ? meta[at] : 0;
        if (len > 1)
            layout->columns[i].meta |= (uint16_t)(meta[at + 1] << 8);
        at += (size_t)len;
        name_enum(&layout->columns[i].type, &layout->columns[i].meta);
        if (!is_understood(layout->columns[i].type, layout->columns[i].meta))
            return false;
    }
    return true;
}

static uint64_t little(const uint8_t *p, size_t len)
{
    uint64_t n = 0;

    while (len-- > 0)
        n = n << 8 | p[len];
    return n;
}

static uint64_t big(const uint8_t *p, size_t len)
{
    uint64_t n = 0;

    for (size_t i = 0; i < len; i++)
        n = n << 8 | p[i];
    return n;
}

/* NULL: there are not so many. */
static const uint8_t *take(const uint8_t **at, const uint8_t *end, size_t len)
{
    const uint8_t *p = *at;

    if (len > (size_t)(end - p))
        return NULL;
    *at += len;
    return p;
}

static bool read_integer(const uint8_t **at, const uint8_t *end, size_t len, struct row_value *out)
{
    const uint8_t *p = take(at, end, len);

    if (p)
        out->number = (int64_t)little(p, len);
    return p;
}

static bool read_text(const uint8_t **at, const uint8_t *end, size_t len_len, struct row_value *out)
{
    const uint8_t *p = take(at, end, len_len);

    if (!p)
        return false;
    out->len = (size_t)little(p, len_len);
    out->text = (const char *)take(at, end, out->len);
    return out->text;
}

/* 1 bit of sign, 17 of year and month, 5 each of day and hour, 6 each of minute and second; then
 * hundredths in as many bytes as it takes. */
static bool read_time(const uint8_t **at, const uint8_t *end, unsigned decimals,
                      struct row_value *out)
{
    size_t fraction = (decimals + 1) / 2;
    const uint8_t *p = take(at, end, 5 + fraction);
    struct civil c;
    uint64_t bits;
    int us;

    if (!p)
        return false;
    bits = big(p, 5) & ~(UINT64_C(1) << 39);
    us = (int)big(p + 5, fraction);
    for (size_t i = fraction; i < FRACTION_MAX / 2; i++)
        us *= 100;
    c = (struct civil){.year = (int)(bits >> 22) / 13,
                       .month = (int)(bits >> 22) % 13,
                       .day = bits >> 17 & 0x1f,
                       .hour = bits >> 12 & 0x1f,
                       .minute = bits >> 6 & 0x3f,
                       .second = bits & 0x3f,
                       .us = us};
    if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1)
        return false;
    out->number = civil_to_us(&c);
    return true;
}

static bool read_value(uint8_t type, uint16_t meta, const uint8_t **at, const uint8_t *end,
                       struct row_value *out)
{
    switch (type) {
    case TYPE_TINY:
        return read_integer(at, end, 1, out);
    case TYPE_SHORT:
        return read_integer(at, end, 2, out);
    case TYPE_LONG:
        return read_integer(at, end, 4, out);
    case TYPE_LONGLONG:
        return read_integer(at, end, 8, out);
    case TYPE_VARCHAR:
        return read_text(at, end, meta > 255 ? 2 : 1, out);
    case TYPE_STRING:
        return read_text(at, end, 1, out);
    case TYPE_ENUM:
        return read_integer(at, end, meta, out);
    case TYPE_BLOB:
        return read_text(at, end, meta, out);
    default:
        return read_time(at, end, meta, out);
    }
}

bool row_image_read(const struct row_layout *layout, const uint8_t **at, const uint8_t *end,
                    struct row_value values[])
{
    const uint8_t *nulls = take(at, end, (layout->n + 7) / 8);

    if (!nulls)
        return false;
    for (size_t i = 0; i < layout->n; i++) {
        values[i] = (struct row_value){.null = nulls[i / 8] >> (i % 8) & 1};
        if (!values[i].null &&
            !read_value(layout->columns[i].type, layout->columns[i].meta, at, end, &values[i]))
            return false;
    }
    return true;
}
