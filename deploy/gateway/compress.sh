#!/bin/sh
# compress.sh FOLDER - puts NAME.gz, and NAME.br where brotli is installed, beside each file of a site that gets smaller by it:
# hanok-gateway --site FOLDER sends those to who can unpack them.
set -eu

folder=${1:?usage: compress.sh FOLDER}

# pack ENDING COMMAND...: of each file what the command makes beside it, where that is smaller
pack() {
    ending=$1
    shift
    find "$folder" -type f -size +255c \( -name '*.html' -o -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.json' -o -name '*.map' \
        -o -name '*.webmanifest' -o -name '*.txt' -o -name '*.xml' -o -name '*.svg' -o -name '*.ttf' -o -name '*.wasm' \) -exec "$@" {} +
    find "$folder" -type f -printf '%s %p\n' |
        awk -v ending=".$ending" '{
                path = substr($0, length($1) + 2); size[path] = $1
            } END {
                for (path in size)
                    if (path ending in size && size[path ending] >= size[path]) print path ending
            }' |
        while IFS= read -r file; do rm "$file"; done
}

pack gz gzip -9nkf
if command -v brotli >/dev/null; then pack br brotli -q 11 -kf; fi
