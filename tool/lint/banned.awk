# banned.awk - fails on calls of banned functions (rules of tool/lint/banned.txt), typedefs of structs, x != NULL,
# floats where money is.
# usage: awk -f tool/lint/banned.awk tool/lint/banned.txt FILE...
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

# The line without comments and string contents; in_comment goes on over lines.
function code(line,    out, c, two, i, n) {
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1); two = substr(line, i, 2)
        if (in_comment) { if (two == "*/") { in_comment = 0; i++ } }
        else if (two == "/*") { in_comment = 1; i++ }
        else if (two == "//") break
        else if (c == "\"" || c == "'") {
            for (i++; i <= n && substr(line, i, 1) != c; i++) if (substr(line, i, 1) == "\\") i++
            out = out c c
        }
        else out = out c
    }
    return out
}

function unused_waiver() {
    if (waiver_line && !waiver_used) {
        print waiver_file ":" waiver_line ": nothing here needs 'lint: allow " waiver "'"; bad = 1
    }
    waiver_line = 0
}

FNR == NR {
    if ($0 ~ /^#/ || !NF) next
    split($0, cell, /[ \t]+\|[ \t]+/)
    rule = trim(cell[1]); n_rules++
    rules[n_rules] = rule; is_rule[rule]
    names = trim(cell[2]); gsub(/ +/, "|", names)
    pattern[rule] = "(^|[^A-Za-z0-9_.>])(" names ")[ \t]*\\("
    except[rule] = trim(cell[3]); why[rule] = trim(cell[4])
    next
}

FNR == 1 { unused_waiver(); in_comment = 0 }

{ line = in_comment || /[\/"']/ ? code($0) : $0 }

/lint: allow / {
    unused_waiver()
    waiver = $0; sub(/.*lint: allow /, "", waiver); reason = waiver; sub(/[ \t*].*/, "", waiver)
    sub(/^[^ ]* */, "", reason); sub(/\*\/.*/, "", reason)
    waiver_file = FILENAME; waiver_line = FNR; waiver_used = 0; waivers++
    if (!(waiver in is_rule)) { print FILENAME ":" FNR ": no such rule: " waiver; bad = 1 }
    if (trim(reason) == "") { print FILENAME ":" FNR ": 'lint: allow " waiver "' gives no reason"; bad = 1 }
}

line ~ /^[ \t]*typedef[ \t]+(struct|union)/ {
    print FILENAME ":" FNR ": typedef-struct: a struct keeps its name"; bad = 1
}

line ~ /(^|[ \t])(if|while) \(.*[!=]= NULL([ )]|$)/ && line !~ /\) [!=]= /  && line !~ /[!=]= \(/ || line ~ /[!=]= NULL (&&|\|\||\?)/ {
    print FILENAME ":" FNR ": null: a condition says x or !x"; bad = 1
}

line ~ /(^|[^A-Za-z0-9_])(float|double)([^A-Za-z0-9_]|$)/ && FILENAME ~ /^(model|protocol|dataservice|usecase)\/|^tool\/core\/money/ {
    print FILENAME ":" FNR ": float: what is money or might be is whole minor units: tool/core/money.h"; bad = 1
}

line ~ /\(/ {
    for (i = 1; i <= n_rules; i++) {
        rule = rules[i]
        if (line !~ pattern[rule] || FILENAME ~ except[rule]) continue
        if (waiver == rule && waiver_line && FNR - waiver_line <= 1) { waiver_used = 1; continue }
        print FILENAME ":" FNR ": " rule ": " why[rule]; bad = 1
    }
}

waiver_line && FNR > waiver_line { unused_waiver() }

END {
    unused_waiver()
    if (waivers) print waivers " waivers"
    exit bad
}
