# closure.awk - what each row of layers.txt leads to, directly or not: "LAYER:=LAYER,LAYER,<name,..." a row, by
# which build.mk links. `*` stands for every layer but programs.
# usage: awk -f tool/lint/closure.awk tool/lint/layers.txt
{
    sub(/#.*/, ""); if (!NF) next
    sub(/:$/, "", $1); rows[++count] = $1
    for (i = 2; i <= NF; i++) may[$1] = may[$1] " " $i
}
function visit(layer,    word, words, n, i) {
    if (layer in seen) return
    seen[layer]; found = found "," layer
    n = split(may[layer], words, " ")
    for (i = 1; i <= n; i++) {
        if (words[i] == "*") everything()
        else visit(words[i])
    }
}
function everything(    i) {
    for (i = 1; i <= count; i++) if (rows[i] !~ /^(cmd|test|_test\.c)/) visit(rows[i])
}
END {
    for (r = 1; r <= count; r++) {
        split("", seen); found = ""
        visit(rows[r])
        print rows[r] ":=" substr(found, 2)
    }
}
