/* text.h - text as people type it: the same word from two keyboards, in two cases, as a domain; and
 * what of it can be seen. libunistring and libidn2 do it. Pure; any thread. Text is UTF-8; what is
 * not well formed is refused everywhere. */
#ifndef TOOL_TEXT_TEXT_H
#define TOOL_TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    TEXT_NFC_GROWTH = 3,  /* a text in NFC, or with spaces mapped too, has at most so many times the
                             bytes of the text itself; */
    TEXT_FOLD_GROWTH = 3, /* a folded one, in NFC too, so many */
    TEXT_DOMAIN_MAX = 255,
};

/** Normalization form C: canonically equivalent texts become the same bytes. False, out "": it is
 * not UTF-8, or does not fit size. */
bool text_nfc(const char *text, char *out, size_t size);
/** Full case folding without locale, in NFC: texts that differ in nothing but case or keyboard
 * become the same bytes (canonical caseless matching, Unicode D145). False as text_nfc. */
bool text_fold(const char *text, char *out, size_t size);
/** A password as it is hashed: RFC 8265, OpaqueString: spaces other than U+0020 become that, then
 * NFC; case and width stay. That its characters are of the FreeformClass is not asked. False as
 * text_nfc. */
bool text_opaque(const char *text, char *out, size_t size);
/** A domain as DNS compares it: IDNA 2008 with the mappings of UTS 46, non-transitional, so that a
 * U-label becomes its A-label; ASCII is lower-cased and not asked further. What IDNA refuses is
 * folded (text_fold). False as text_nfc. */
bool text_domain(const char *domain, char *out, size_t size);

/* What a character is to the eye. */
enum text_kind {
    TEXT_SEEN = 1,        /* letters, digits, signs, emoji */
    TEXT_MARK = 2,        /* is drawn upon another: accents, enclosings */
    TEXT_SPACE = 4,       /* U+0020 and every other of the category Zs */
    TEXT_JOINER = 8,      /* changes how its neighbours look: ZWJ, ZWNJ, variation selectors */
    TEXT_UNSEEN = 16,     /* zero width, fillers, direction marks, tags */
    TEXT_UNASSIGNED = 32, /* no character yet in the Unicode of the libraries */
    TEXT_FORBIDDEN = 64,  /* no text at all: controls, line and paragraph separators, direction
                             embeddings, overrides and isolates, noncharacters, what is not UTF-8 */
};

/** The code point at *text, which moves on to the next; 0 at the end, U+FFFD for a byte that is not
 * UTF-8. */
unsigned text_next(const char **text);
/** The kinds of the characters among the first len bytes, or'ed. */
unsigned text_kinds(const char *text, size_t len);

#endif
