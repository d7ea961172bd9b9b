/* text_kind.c - what of a text can be seen. */
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "tool/text/text.h"

/* Blank, though their category is that of signs and letters. */
static bool is_blank_sign(ucs4_t c)
{
    return c == 0x2800                      /* braille pattern without dots */
           || c == 0xFFFC                   /* stands for an object that no text carries along */
           || c == 0x1D159                  /* musical null notehead */
           || c == 0x13441 || c == 0x13442; /* hieroglyphic blanks */
}

/* LRE RLE PDF LRO RLO, LRI RLI FSI PDI: unlike the marks LRM, RLM and ALM they turn what follows.
 */
static bool turns_direction(ucs4_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_joiner(ucs4_t c)
{
    return c == 0x200C || c == 0x200D || uc_is_property_variation_selector(c);
}

static bool has_category(ucs4_t c, uint32_t mask)
{
    return uc_is_general_category_withtable(c, mask);
}

static enum text_kind kind_of(ucs4_t c)
{
    if (c > 0x20 && c < 0x7F)
        return TEXT_SEEN;
    if (has_category(c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp |
                            UC_CATEGORY_MASK_Cs) ||
        uc_is_property_not_a_character(c) || turns_direction(c))
        return TEXT_FORBIDDEN;
    if (has_category(c, UC_CATEGORY_MASK_Zs))
        return TEXT_SPACE;
    if (is_joiner(c))
        return TEXT_JOINER;
    if (has_category(c, UC_CATEGORY_MASK_Cf) || is_blank_sign(c) ||
        uc_is_property_default_ignorable_code_point(c))
        return TEXT_UNSEEN;
    if (has_category(c, UC_CATEGORY_MASK_Cn))
        return TEXT_UNASSIGNED;
    return has_category(c, UC_CATEGORY_MASK_M) ? TEXT_MARK : TEXT_SEEN;
}

unsigned text_next(const char **text)
{
    size_t len = strnlen(*text, 4);
    ucs4_t c = 0;

    if (len > 0)
        *text += u8_mbtouc(&c, (const uint8_t *)*text, len);
    return c;
}

unsigned text_kinds(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + len;
    unsigned kinds = 0;

    while (at < end) {
        ucs4_t c;
        int n = u8_mbtoucr(&c, at, (size_t)(end - at));
        if (n <= 0)
            return kinds | TEXT_FORBIDDEN;
        kinds |= kind_of(c);
        at += n;
    }
    return kinds;
}
