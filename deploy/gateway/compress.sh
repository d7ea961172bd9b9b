#!/bin/sh
# compress.sh FOLDER - puts NAME.gz, and NAME.br where brotli is installed, beside each file of a site that gets smaller by it:
# hanok-gateway --site FOLDER sends those to who can unpack them.
set -eu

folder=${1:?usage: compress.sh FOLDER}

# pack ENDING COMMAND...: each file through the command
pack() {
    ending=$1
    shift
    find "$folder" -type f -size +255c \( -name '*.html' -o -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.json' -o -name '*.map' \
        -o -name '*.webmanifest' -o -name '*.txt' -o -name '*.xml' -o -name '*.svg' -o -name '*.ttf' -o -name '*.wasm' \) |
        while IFS= read -r file; do
            "$@" <"$file" >"$file.$ending"
            chmod --reference="$file" "$file.$ending"
            [ "$(wc -c <"$file.$ending")" -lt "$(wc -c <"$file")" ] || rm "$file.$ending"
        done
}

pack gz gzip -9nc
if command -v brotli >/dev/null; then pack br brotli -q 11 -c; fi
