#!/bin/sh
# Tries every verb of kvds, and every exit code, on one kind of store.
#
#     command.sh PATH-OF-KVDS lmdb|rocksdb|…
#
# It prints what failed, and exits with 1 when anything did.
kvds=$1
scheme=$2
[ -x "$kvds" ] || { echo "there is no program at $kvds"; exit 1; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
KVDS_STORE=$scheme:$work/store
export KVDS_STORE
failures=0

# check NAME EXPECTED-STATUS EXPECTED-OUTPUT COMMAND…: an error is one line on standard error, anything else none.
check() {
    name=$1 status=$2 output=$3
    shift 3
    "$@" >"$work/out" 2>"$work/err"
    actual=$?
    printf -- "$output" >"$work/expected"
    if [ $actual -ne "$status" ]; then complain "exit $actual instead of $status: $(cat "$work/err")"; fi
    if ! cmp -s "$work/out" "$work/expected"; then complain "printed: $(head -c 300 "$work/out")"; fi
    lines=$(wc -l <"$work/err")
    case $status in
        0 | 1) ;;
        64) [ "$lines" -ge 1 ] || complain "a usage error without a word" ;;
        *) [ "$lines" -eq 1 ] || complain "$lines lines on standard error: $(cat "$work/err")" ;;
    esac
}
# says TEXT: standard error of the last check has it.
says() { grep -q -e "$1" "$work/err" || complain "did not say '$1': $(cat "$work/err")"; }
complain() {
    echo "$scheme: $name: $1"
    failures=$((failures + 1))
}
run() { "$kvds" "$@"; }
feed() {
    text=$1
    shift
    printf "$text" | "$kvds" "$@"
}

# A verb that only reads makes no store.
for verb in "get a" "delete a" "cas a 1 2" scan export stats verify tables "describe t" "decode t" "backup $work/copy"; do
    check "$verb of a missing store" 2 "" run $verb
    says "no store at"
    [ ! -e "$work/store" ] || complain "it made a store"
done
mkdir "$work/empty"
check "get in an empty directory" 2 "" run get a --store "$scheme:$work/empty"
[ -z "$(ls -A "$work/empty")" ] || complain "it made a store"

# One key.
check "set" 0 "" run set a 1
check "get" 0 "1\n" run get a
check "get of an absent key" 1 "" run get nobody
[ ! -s "$work/err" ] || complain "absence is no error"
check "set overwrites" 0 "" run set a 2
check "get of the new value" 0 "2\n" run get a
check "set of an empty value" 0 "" run set empty ""
check "get of an empty value" 0 "\n" run get empty
check "set from standard input" 0 "" feed 'x\000y\n' set binary -
check "get of bytes" 0 'x\000y\n\n' run get binary
check "set of Unicode" 0 "" run set "schlüssel" "wörter 🙂"
check "get of Unicode" 0 "wörter 🙂\n" run get "schlüssel"
check "set behind --" 0 "" run set -- -k -5
check "get behind --" 0 "-5\n" run get -- -k
check "delete" 0 "" run delete binary
check "get of a deleted key" 1 "" run get binary
check "delete of an absent key" 0 "" run delete binary
for key in empty "schlüssel" -k; do run delete -- "$key"; done

# The store may be named before the verb, too.
check "set with the store first" 0 "" run --store "$scheme:$work/first" set k v
check "get with the store first" 0 "v\n" env -u KVDS_STORE "$kvds" --store "$scheme:$work/first" get k
check "get with the store last" 0 "v\n" env -u KVDS_STORE "$kvds" get k --store "$scheme:$work/first"
check "a value that looks like an option" 0 "" run set --store "$scheme:$work/first" -- --store get
check "get of a key that looks like an option" 0 "get\n" run get --store "$scheme:$work/first" -- --store

# Conditions.
check "setnx of a present key" 1 "" run setnx a 9
check "setnx of an absent key" 0 "" run setnx b 1
check "cas" 0 "" run cas a 2 3
check "cas of another value" 1 "" run cas a 2 4
check "cas of an absent key" 1 "" run cas nobody 2 4
check "get after cas" 0 "3\n" run get a

# Scans.
run set c ', "'
check "scan" 0 'a\t3\nb\t1\nc\t, "\n' run scan
check "scan as csv" 0 'key,value\na,3\nb,1\nc,", """\n' run scan --format csv
check "scan as jsonl" 0 '{"key":"a","value":"3"}\n{"key":"b","value":"1"}\n{"key":"c","value":", \\""}\n' run scan --format jsonl
check "scan of keys" 0 'a\nb\nc\n' run scan --keys-only
check "scan of keys as csv" 0 'key\na\nb\nc\n' run scan --keys-only --format csv
check "scan in reverse" 0 'c\nb\na\n' run scan --keys-only --reverse
check "scan with a limit" 0 'c\n' run scan --keys-only --reverse --limit 1
check "scan with limit 0" 0 '' run scan --limit 0
check "scan from" 0 'b\nc\n' run scan --keys-only --from b
check "scan to" 0 'a\n' run scan --keys-only --to b
check "scan in reverse from and to" 0 'b\n' run scan --keys-only --reverse --from b --to c
check "scan in reverse from, with a limit" 0 'c\n' run scan --keys-only --reverse --from a --limit 1
check "scan of an empty range" 0 '' run scan --from c --to a
check "scan of a prefix" 0 'b\t1\n' run scan --prefix b
check "scan of a prefix from behind it" 0 '' run scan --prefix a --from b
check "scan of no such prefix" 0 '' run scan --prefix zz

# Import and export.
for format in tsv csv jsonl; do
    check "export to a $format file" 0 "" run export "$work/all.$format"
    says "exported 3 entries"
    check "import of a $format file" 0 "" run import "$work/all.$format" --store "$scheme:$work/$format"
    says "imported 3 entries"
    check "scan of the imported $format" 0 'a\t3\nb\t1\nc\t, "\n' run scan --store "$scheme:$work/$format"
done
[ ! -e "$work/all.tsv.partial" ] || complain "a partial file is left"
name="the permissions of an export"
[ -n "$(find "$work/all.tsv" -perm 600)" ] || complain "others may read it: $(ls -l "$work/all.tsv")"
chmod 640 "$work/all.tsv"
check "export over a file" 0 "" run export "$work/all.tsv"
[ -n "$(find "$work/all.tsv" -perm 640)" ] || complain "it has lost its permissions: $(ls -l "$work/all.tsv")"
check "export of a prefix" 0 'a\t3\n' run export --prefix a
printf 'id,name,age\n1,ada,36\n2,"byron, ""lord""",\n' >"$work/people.csv"
check "import of named columns" 0 "" run import "$work/people.csv" --key id --value name
check "get of a quoted field" 0 'byron, "lord"\n' run get 2
check "import of numbered columns" 0 "" run import "$work/people.csv" --key 2 --value 3
check "get of the third column" 0 '36\n' run get ada
check "import of chosen tsv columns" 0 "" feed 'x\ty\tz\n' import - --key 3 --value 1
check "get of the first column" 0 'x\n' run get z
check "import of jsonl fields" 0 "" feed '{"id":"j1","n":[1,{"a":null}],"name":"\\u00e9"}\n' import - --format jsonl --key id --value name
check "get of an escape" 0 'é\n' run get j1
for format in tsv csv jsonl; do
    check "import of nothing as $format" 0 "" feed '' import - --format $format
    says "imported 0 entries"
    name="export | import as $format"
    run export --format $format 2>"$work/err" | run import - --format $format --store "$scheme:$work/piped-$format" 2>>"$work/err" || complain "exit $?"
    run scan >"$work/source"
    run scan --store "$scheme:$work/piped-$format" | cmp -s - "$work/source" || complain "not the same: $(cat "$work/err")"
done
check "import of a csv header alone" 0 "" feed 'key,value\n' import - --format csv

# Bad rows: the line is named and nothing of the batch is there.
check "import of a short row" 2 "" feed 'bad1\t1\nbad2\t2\nbad3\n' import -
says "line 3:"
check "get from before the bad row" 1 "" run get bad1
check "import of unclosed quotes" 2 "" feed 'key,value\nbad1,1\nbad2,"2\n' import - --format csv
says "line 3:"
check "import of a number" 2 "" feed '{"key":"bad1","value":"1"}\n\n{"key":"bad2","value":2}\n' import - --format jsonl
says "line 3:"
check "import of a bad escape" 2 "" feed 'bad1\t1\nbad2\t\\q\n' import -
says "line 2:"
check "import of an empty key" 2 "" feed 'bad1\t1\n\t1\n' import -
says "line 2:"
check "import without the column" 2 "" feed 'bad1,1\n' import - --format csv
says "line 1:"
check "nothing of any of them" 0 '' run scan --prefix bad
(
    i=0
    while [ $i -lt 1500 ]; do echo "good$i	$i"; i=$((i + 1)); done
    echo bad
) >"$work/late.tsv"
check "import with a bad row in the second batch" 2 "" run import "$work/late.tsv"
says "late.tsv, line 1501:"
says "1000 entries before it were written"
check "the first batch is there" 0 '999\n' run get good999
check "the second is not" 1 '' run get good1000

# The store as a whole.
run stats >"$work/stats"
name="stats"
grep -q '^entries: 1009$' "$work/stats" || complain "$(cat "$work/stats")"
grep -q '^bytes: [0-9][0-9]*$' "$work/stats" || complain "no bytes"
grep -q '^revision: [0-9][0-9]*$' "$work/stats" || complain "no revision"
grep -q '^files: [0-9][0-9]*$' "$work/stats" || complain "no files"
run stats --format json | grep -q '^{"bytes":[0-9]*,"entries":1009,"files":\[{"bytes":.*"revision":[0-9]*,"store":"'"$KVDS_STORE"'"}$' || complain "no JSON"
check "verify" 0 'sound: 1009 entries\n' run verify
check "backup" 0 "" run backup "$work/copy"
check "verify of the copy" 0 'sound: 1009 entries\n' run verify --store "$scheme:$work/copy"
check "backup to a directory in use" 2 "" run backup "$work/copy"
check "backup to a file" 2 "" run backup "$work/all.tsv"
check "backup to a URL" 64 "" run backup "$scheme:$work/copy2"
name="bench"
run bench --count 50 --tasks 8 --value-size 10 >"$work/out" || complain "exit $?"
[ "$(wc -l <"$work/out")" -eq 4 ] || complain "$(cat "$work/out")"
check "bench leaves nothing" 0 '' run scan --prefix kvds-bench:

# Broken pipes are quiet, and end the command at once.
name="a broken pipe"
for verb in scan "scan --format jsonl" "export -"; do
    line=$( { "$kvds" $verb 2>"$work/err"; echo $? >"$work/status"; } | head -1)
    [ -n "$line" ] || complain "$verb: nothing came"
    [ "$(cat "$work/status")" -eq 0 ] || complain "$verb: exit $(cat "$work/status")"
done
[ ! -w /dev/full ] || { check "a full disk" 2 "" sh -c '"$1" scan >/dev/full' sh "$kvds"; says "room"; }

# Damage.
cp -r "$work/copy" "$work/damaged"
for file in "$work/damaged"/*.sst "$work/damaged"/data.mdb; do
    [ ! -f "$file" ] || head -c 20000 /dev/zero | tr '\000' '\377' | dd of="$file" bs=1024 seek=8 conv=notrunc 2>/dev/null
done
check "verify of a damaged store" 2 "" run verify --store "$scheme:$work/damaged"
says "restore"

# Errors and usage.
check "an unknown backend" 2 "" run get a --store nonsense:/x
check "no URL" 2 "" run get a --store nonsense
check "no path" 2 "" run get a --store "$scheme:"
check "a file where a store should be" 2 "" run get a --store "$scheme:$work/all.tsv"
check "a foreign directory" 2 "" run get a --store "$scheme:/etc"
check "an empty key" 2 "" run set "" x
check "import of a missing file" 2 "" run import "$work/nowhere.tsv"
check "import of a directory" 2 "" run import "$work"
says "name a file"
check "export into a missing directory" 2 "" run export "$work/nowhere/x.tsv"
check "export to a directory" 2 "" run export "$work"
says "name a file"
check "a place where no directory can be" 2 "" run set a 1 --store "$scheme:/proc/kvds/store"
check "backup to a place where no directory can be" 2 "" run backup /proc/kvds/copy
check "no store named" 64 "" env -u KVDS_STORE "$kvds" get a
says "KVDS_STORE"
check "an empty store" 64 "" run get a --store ""
name="help without a store"
for help in --help help "help get" "get --help" ""; do
    env -u KVDS_STORE "$kvds" $help >"$work/out" 2>&1 || complain "'$help': exit $?"
    grep -q -e "--store <url>" "$work/out" || complain "'$help' does not name --store"
done
check "an unknown verb" 64 "" run frobnicate
check "a missing argument" 64 "" run set a
check "a negative limit" 64 "" run scan --limit -1
check "a limit that is no number" 64 "" run scan --limit many
check "an unknown format" 64 "" run scan --format xml
check "a tsv column by name" 64 "" feed 'a\tb\n' import - --key id
check "bench of nothing" 64 "" run bench --count 0
check "an argument that is not UTF-8" 64 "" run get "$(printf '\377')"
check "version" 0 '0.1.0\n' run --version
for verb in get set delete setnx cas scan import export stats verify backup bench; do
    "$kvds" $verb --help >"$work/out" || { name="$verb --help"; complain "exit $?"; }
done

[ $failures -eq 0 ]
