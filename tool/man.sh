#!/bin/bash
# man.sh PROGRAM - prints the program's manual page, made of what it says of itself: --help and --version.
set -euo pipefail

(($# == 1)) || { echo "usage: man.sh PROGRAM" >&2; exit 2; }
read -r _ version < <("$1" --version)

"$1" --help | awk -v version="$version" '
# Text as it is: a backslash, a dash and a control character at the start of a line mean something to roff.
function plain(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return (text ~ /^[.\x27]/ ? "\\&" : "") text
}
function section(name) { if (name != now) print ".SH " name; now = name }
# An entry of a list: what to type; then, a line each, what it does.
function entry(tag) { print ".TP\n.B " plain(tag); described = 0 }
function describe(text) { print (described++ ? ".br\n" : "") plain(text) }

NR == 1 {
    name = $1
    sub(/^[^ ]+ - /, "")
    printf ".TH %s 8 \"\" \"Hanok %s\" \"Hanok\"\n", toupper(plain(name)), plain(version)
    section("NAME")
    print plain(name) " \\- " plain($0)
    next
}
sub(/^usage: /, "") {
    section("SYNOPSIS")
    print plain($0)
    next
}
/^Settings: / { section("SETTINGS") }
/^Commands:$/ { section("COMMANDS"); next }
/^Options:$/ { section("OPTIONS"); next }
/^Ends with / { section("EXIT STATUS") }
/^  --/ || (now == "COMMANDS" && /^  [a-z]/) {
    if (now == "SYNOPSIS") section("OPTIONS")
    sub(/^ +/, "")
    # A short option and its meaning share a line, two or more blanks apart.
    gap = match($0, /  +/)
    entry(gap ? substr($0, 1, gap - 1) : $0)
    if (gap) describe(substr($0, gap + RLENGTH))
    next
}
sub(/^ +/, "") { describe($0); next }
/./ { print plain($0) }
'
