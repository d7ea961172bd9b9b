/* text_form.c - a text in the form in which it is compared. */
#include "tool/text/text.h"

#include <idn2.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "tool/core/mem.h"

static const uint8_t *bytes(const char *text)
{
    return (const uint8_t *)text;
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text > 0x7F)
            return false;
    return true;
}

static bool refuse(char *out)
{
    out[0] = '\0';
    return false;
}

/* What a library has made, which is wiped and freed (it may be a password); NULL = it refused. */
static bool keep(uint8_t *made, size_t len, char *out, size_t size)
{
    bool fits = made && len < size;

    if (fits) {
        memcpy(out, made, len);
        out[len] = '\0';
    }
    if (made)
        explicit_bzero(made, len);
    free(made);
    return fits || refuse(out);
}

static bool copy(const char *text, char *out, size_t size)
{
    return strlen(text) < size ? (memcpy(out, text, strlen(text) + 1), true) : refuse(out);
}

static bool lower_ascii(const char *text, char *out, size_t size)
{
    if (!copy(text, out, size))
        return false;
    for (; *out != '\0'; out++)
        if (*out >= 'A' && *out <= 'Z')
            *out = (char)(*out - 'A' + 'a');
    return true;
}

static bool is_utf8(const char *text)
{
    return u8_check(bytes(text), strlen(text)) == NULL;
}

bool text_nfc(const char *text, char *out, size_t size)
{
    size_t len = 0;
    uint8_t *made;

    if (is_ascii(text))
        return copy(text, out, size);
    if (!is_utf8(text))
        return refuse(out);
    made = u8_normalize(UNINORM_NFC, bytes(text), strlen(text), NULL, &len);
    return keep(made, len, out, size);
}

bool text_fold(const char *text, char *out, size_t size)
{
    size_t len = 0;
    uint8_t *made;

    if (is_ascii(text))
        return lower_ascii(text, out, size);
    if (!is_utf8(text))
        return refuse(out);
    made = u8_casefold(bytes(text), strlen(text), NULL, UNINORM_NFC, NULL, &len);
    return keep(made, len, out, size);
}

/* In place: U+0020 is never longer than what it stands for. */
static void map_spaces(uint8_t *text, size_t len)
{
    uint8_t *to = text, *end = text + len;
    ucs4_t c;

    while (text < end) {
        int n = u8_mbtouc_unsafe(&c, text, (size_t)(end - text));
        if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Zs)) {
            *to++ = ' ';
        } else {
            memmove(to, text, (size_t)n);
            to += n;
        }
        text += n;
    }
    *to = '\0';
}

bool text_opaque(const char *text, char *out, size_t size)
{
    char *mapped;
    bool fits;

    if (is_ascii(text))
        return copy(text, out, size);
    if (!is_utf8(text))
        return refuse(out);
    mapped = mem_strdup(text);
    map_spaces((uint8_t *)mapped, strlen(mapped));
    fits = text_nfc(mapped, out, size);
    explicit_bzero(mapped, strlen(mapped));
    free(mapped);
    return fits;
}

bool text_domain(const char *domain, char *out, size_t size)
{
    uint8_t *made = NULL;
    int rc;

    if (is_ascii(domain))
        return lower_ascii(domain, out, size);
    if (!is_utf8(domain))
        return refuse(out);
    rc = idn2_lookup_u8(bytes(domain), &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (rc != IDN2_OK)
        return text_fold(domain, out, size);
    return keep(made, strlen((char *)made), out, size);
}
