#!/usr/bin/env bash
# The distributed examples on two hosts: two network namespaces with a cable between them. Needs
# Linux, and no rights: it makes a user namespace of its own, and all is gone when that ends. Where
# that is not possible it says that it is skipped, and why.
#
#   tests/two_hosts.sh            builds the examples
#   tests/two_hosts.sh FOLDER     takes those in this folder
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

skip() {
    echo "skipped: $1"
    exit 0
}

fail() {
    echo "FAILED: $1"
    exit 1
}

if [ "${1-}" != --inside ]; then
    [ "$(uname)" = Linux ] || skip "network namespaces are Linux's"
    for tool in unshare ip timeout; do
        command -v "$tool" >/dev/null || skip "there is no \`$tool\`"
    done
    why=$(unshare --user --map-root-user --net --mount true 2>&1) ||
        skip "this machine allows no namespaces: $why"
    if [ $# -gt 0 ]; then
        programs=$(cd "$1" && pwd)
    else
        cd "$root"
        cargo build --quiet --package examples-distributed
        programs=${CARGO_TARGET_DIR:-target}/debug
        programs=$(cd "$programs" && pwd)
    fi
    exec unshare --user --map-root-user --net --mount \
        bash "${BASH_SOURCE[0]}" --inside "$programs"
fi

# From here on everything is in namespaces that nobody else sees.
programs=$2
cd "$root"
why=$(mount -t tmpfs none /run 2>&1) || skip "no folder for the names of the hosts: $why"
folder=/run/two_hosts
mkdir "$folder"
for host in a b; do
    why=$(ip netns add "$host" 2>&1) || skip "no host can be made: $why"
done
why=$(ip link add cable-a netns a type veth peer name cable-b netns b 2>&1) ||
    skip "no cable can be made: $why"
ip -n a addr add 10.99.0.1/24 dev cable-a
ip -n b addr add 10.99.0.2/24 dev cable-b
for host in a b; do
    ip -n "$host" link set lo up
    ip -n "$host" link set "cable-$host" up
done
printf '%s\n' 10.99.0.1:2101 10.99.0.2:2101 >"$folder/hosts"

# on HOST PROCESS COMMAND…: as one of two processes. Its output goes to a file.
on() {
    local host=$1 process=$2
    shift 2
    timeout 60 ip netns exec "$host" "$programs/$1" "${@:2}" -n 2 -p "$process" -h "$folder/hosts" \
        >"$folder/$host.out" 2>"$folder/$host.err"
}

# Timely's own lines, and the times, are no result.
results() {
    sed -E '/^awaiting connections|error connecting|^Total time/d' "$@"
}

for words in "distributed_map 20000" "distributed_word_count LICENSE CONTRIBUTING.md"; do
    # The words are split on purpose.
    # shellcheck disable=SC2086
    {
        on a 0 $words &
        on b 1 $words || fail "$words: host b: $(cat "$folder/b.err")"
        wait $! || fail "$words: host a: $(cat "$folder/a.err")"
        "$programs/"$words -w 2 | results | sort >"$folder/one"
    }
    results "$folder/a.out" "$folder/b.out" | sort >"$folder/two"
    diff "$folder/one" "$folder/two" || fail "$words: two hosts print something else than one"
    echo "passed: $words"
done

# A file that is only on one host.
echo "only here" >"$folder/text"
on a 0 distributed_word_count "$folder/text" &
on b 1 distributed_word_count "$folder/text2" && fail "host b reads a file that it does not have"
wait $! && fail "host a does not hear of the file that host b lacks"
grep -q 'error: worker 1 cannot read ".*text2"' "$folder/a.err" || fail "$(cat "$folder/a.err")"
echo "passed: a file that is missing on one host"

# The cable is cut: no host hears that, so both wait until their limit.
on a 0 distributed_map 1000000000000 --report -t 8 &
first=$!
on b 1 distributed_map 1000000000000 --report -t 8 &
second=$!
until [ "$(cat "$folder/"?.out | grep -c "initialization complete")" = 2 ]; do
    kill -0 "$first" && kill -0 "$second" || fail "the hosts do not find each other"
    sleep 0.1
done
ip -n a link set cable-a down
wait "$first" && fail "host a does not miss host b"
wait "$second" && fail "host b does not miss host a"
for host in a b; do
    grep -q "^error: no result after 8 second" "$folder/$host.err" ||
        fail "host $host: $(cat "$folder/$host.err")"
done
echo "passed: the cable between them is cut"
