/* route_help.c - see route_help.h. */
#include "middleware/route_help.h"

#include "middleware/route_definition.h"

static void write_options(FILE *out, const struct route_options *options)
{
    char line[ROUTE_OPTION_TEXT_MAX + 1];

    for (size_t i = 0; i < options->n; i++) {
        route_option_describe(&options->rows[i], line);
        fprintf(out, "  %s\n", line);
    }
}

void route_help_write(FILE *out, const char *const *built_in)
{
    fputs("Which HTTP request goes to which subject. One row a route:\n"
          "\n"
          "  METHOD /path/{parameter} subject key=value ...\n"
          "\n",
          out);
    write_options(out, &ROUTE_OPTIONS);
    for (size_t i = 0; i < ROUTE_DEFINITIONS; i++) {
        const struct route_definition *definition = &ROUTE_DEFINITION_ROWS[i];

        fprintf(out, "\n%s:\n\n  %s NAME key=value ...\n\n", definition->doc, definition->word);
        write_options(out, definition->options);
    }
    fputs(
        "\n"
        "In brackets: what holds without it. GET answers HEAD too. Path parameters become members "
        "of\n"
        "the message. Of rows that fit a path, one with a literal where others have a {parameter}\n"
        "wins, wherever it stands. Checked by `hanok-gateway --check`, also against the "
        "operations\n"
        "that the subjects name; read again on SIGHUP, where a file with a mistake changes "
        "nothing.\n"
        "A file that begins with { is the same in JSON, {\"routes\":[{\"method\":...}],...}, as\n"
        "`--routes-schema` describes it.\n",
        out);
    for (size_t i = 0; built_in[i]; i++)
        fprintf(out, "%s%s", i == 0 ? "" : built_in[i + 1] ? ", " : " and ", built_in[i]);
    fputs(" are the gateway's own.\n"
          "\n"
          "A class of rates, for rate=NAME, is a row too, and so is a tier of it:\n"
          "\n"
          "  rate NAME REQUESTS/SECONDS burst=N\n"
          "  rate NAME.ROLE REQUESTS/SECONDS burst=N\n"
          "\n"
          "gives each client so many requests in so many seconds, evenly, and at most N at once\n"
          "(REQUESTS), on all routes of the class together. A client is the subject of the token;\n"
          "where none is wanted, or none that is good was sent, the address, of IPv6 its /64.\n"
          "Callers with ROLE have what their tier has instead; of several the first row counts.\n",
          out);
}
