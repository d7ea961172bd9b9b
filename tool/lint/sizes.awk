# sizes.awk - fails on files over 400 lines, functions over 80, and untidy text.
# usage: awk -f tool/lint/sizes.awk FILE...
function complain(line, what) { print file ":" line ": " what; bad = 1 }
function end_of_file() { if (file != "" && is_code && lines > 400) complain(lines, "a file of " lines " lines; 400 at most") }

FILENAME ~ /\.png$/ { nextfile }
FNR == 1 {
    end_of_file()
    file = FILENAME; is_c = file ~ /\.[ch]$/; is_code = is_c || file ~ /\.(py|sh|awk|mk)$|Makefile$|^test\/run$/
    start = 0
}
{ lines = FNR }
/[ \t]$/ { complain(FNR, "white space at the end of the line") }
/\r/ { complain(FNR, "carriage return") }
is_c && /\t/ { complain(FNR, "tab") }
is_code && /(TODO|FIXME|(^|[^X])XXX([^X]|$))/ && file !~ /^tool\/lint\// { complain(FNR, "unfinished: do it, or file an issue") }
/\/(home|root|work|Users)\/[a-z]/ && file !~ /^tool\/lint\// { complain(FNR, "a path of somebody's machine") }
is_c && /^{/ { start = FNR }
is_c && /^}/ && start {
    if (FNR - start - 1 > 80) complain(start, "a function of " FNR - start - 1 " lines; 80 at most")
    start = 0
}
END { end_of_file(); exit bad }
