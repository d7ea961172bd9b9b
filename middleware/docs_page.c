/* docs_page.c - see docs_page.h. */
#include "middleware/docs_page.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/crypto/digest.h"

/* The page is a file of its own, to be edited as one; the path is seen from the project's root. */
__asm__(".pushsection .rodata\n"
        ".global docs_page_html\n"
        "docs_page_html: .incbin \"middleware/docs_page.html\"\n"
        ".byte 0\n"
        ".popsection\n");

extern const char docs_page_html[];

/* 'sha256-...' of what stands between <tag> and </tag>, in standard base64. */
static void hash_source(const char *tag, char out[DIGEST_B64_LEN + 2])
{
    char opening[16], closing[16];
    uint8_t digest[DIGEST_LEN];
    const char *from, *to;

    snprintf(opening, sizeof(opening), "<%s>", tag);
    snprintf(closing, sizeof(closing), "</%s>", tag);
    from = strstr(docs_page_html, opening);
    ASSERT(from);
    from += strlen(opening);
    to = strstr(from, closing);
    ASSERT(to);
    digest_sha256(from, (size_t)(to - from), digest);
    digest_b64url(digest, sizeof(digest), out, DIGEST_B64_LEN + 1);
    for (char *c = out; *c != '\0'; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    memcpy(out + DIGEST_B64_LEN, "=", 2);
}

void docs_page_init(struct docs_page *page)
{
    char script[DIGEST_B64_LEN + 2], style[DIGEST_B64_LEN + 2];

    hash_source("script", script);
    hash_source("style", style);
    page->html = docs_page_html;
    page->len = strlen(docs_page_html);
    snprintf(page->policy, sizeof(page->policy),
             "default-src 'none'; connect-src 'self'; img-src data:; script-src 'sha256-%s'; "
             "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
             script, style);
}
