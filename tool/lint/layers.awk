# layers.awk - fails when a file includes what its layer must not know.
# usage: awk -f tool/lint/layers.awk tool/lint/layers.txt FILE...
function layer(path) { # the longest known prefix: a/b/c.h -> a/b -> a
    while (!(path in known) && sub(/\/?[^\/]*$/, "", path) && path != "") {}
    return path
}
FNR == NR {
    sub(/#.*/, ""); if (!NF) next
    sub(/:$/, "", $1); known[$1]
    for (i = 2; i <= NF; i++) { may[$1, $i]; if ($i ~ /^</) guarded[$i] }
    next
}
FNR == 1 { me = layer(FILENAME); if (me == "") { print FILENAME ": its folder has no row in tool/lint/layers.txt"; bad = 1 } }
me == "" { next }
/^[ \t]*#[ \t]*include/ {
    split($0, part, /[<">]/); inc = part[2]
    if ($0 ~ /</) { sub(/[\/.].*/, "", inc); it = "<" inc; if (!(it in guarded)) next }
    else it = layer(inc)
    if (it == me || (me, it) in may || (me, "*") in may ||
        (FILENAME ~ /_test\.[ch]$/ && ("_test.c", it) in may)) next
    print FILENAME ":" FNR ": " me " must not include " part[2]; bad = 1
}
END { exit bad }
