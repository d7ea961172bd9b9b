# layers.awk - fails when a file includes what its layer must not know, and when a row allows what no file of its
# layer needs.
# usage: awk -f tool/lint/layers.awk tool/lint/layers.txt FILE..., all of them
function layer(path) { # the longest known prefix: a/b/c.h -> a/b -> a
    while (!(path in known) && sub(/\/?[^\/]*$/, "", path) && path != "") {}
    return path
}
function allowed(row, it) {
    if (!((row, it) in may)) return 0
    used[row, it]
    return 1
}
FNR == NR {
    sub(/#.*/, ""); if (!NF) next
    sub(/:$/, "", $1); known[$1]
    for (i = 2; i <= NF; i++) { may[$1, $i] = FNR; if ($i ~ /^</) guarded[$i] }
    next
}
FNR == 1 { me = layer(FILENAME); if (me == "") { print FILENAME ": its folder has no row in tool/lint/layers.txt"; bad = 1 } }
me == "" { next }
/^[ \t]*#[ \t]*include/ {
    split($0, part, /[<">]/); inc = part[2]
    if ($0 ~ /</) { sub(/[\/.].*/, "", inc); it = "<" inc; if (!(it in guarded)) next }
    else it = layer(inc)
    if (it == me || (FILENAME ~ /_test\.[ch]$/ && allowed("_test.c", it)) || allowed(me, it) || (me, "*") in may) next
    print FILENAME ":" FNR ": " me " must not include " part[2]; bad = 1
}
END {
    for (permission in may) {
        split(permission, part, SUBSEP)
        if (part[2] == "*" || permission in used) continue
        print "tool/lint/layers.txt:" may[permission] ": " part[1] " does not need " part[2]; bad = 1
    }
    exit bad
}
