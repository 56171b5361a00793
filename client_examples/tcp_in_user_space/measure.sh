#!/usr/bin/env bash
# Fetches pages between two network namespaces and prints what it measures as a table (Markdown).
#
# measure.sh [DIRECTORY]   DIRECTORY of framewright-server and fetch_page (default: build/release/bin)
#
# Needs root, python3, and what two_hosts.sh needs.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "${1:-$here/../../build/release/bin}" && pwd)
name=framewright-tcp-$$-measure
pages=$(mktemp -d)
processes=()

stop() {
    ((${#processes[@]} == 0)) || kill "${processes[@]}" 2>/dev/null || true
    wait
    processes=()
    "$here/two_hosts.sh" down "$name"
}
trap 'stop; rm -rf "$pages"' EXIT

# start LOSS: two hosts, an HTTP server on one, Framewright on the other.
start() {
    "$here/two_hosts.sh" up "$name" "$1" >/dev/null
    ip netns exec "$name-server" python3 -m http.server --directory "$pages" 8000 &>/dev/null &
    processes+=($!)
    ip netns exec "$name-client" "$bin/framewright-server" --listen 127.0.0.1 &>/dev/null &
    processes+=($!)
    until ip netns exec "$name-server" bash -c ': </dev/tcp/10.0.0.1/8000' 2>/dev/null &&
        ip netns exec "$name-client" "$bin/framewright-server" --health-check 2>/dev/null; do
        sleep 0.1
    done
}

retransmitted() {
    ip netns exec "$name-server" awk '/^Tcp:/ {
        if (NF && column) print $column; else for (i = 1; i <= NF; ++i) if ($i == "RetransSegs") column = i
    }' /proc/net/snmp
}

# row PAGE LOSS: fetches a page and prints its row.
row() {
    local before after summary
    before=$(retransmitted)
    summary=$(ip netns exec "$name-client" "$bin/fetch_page" --interface eth0 --address 10.0.0.99 \
        --output "$pages/fetched" "http://10.0.0.1:8000/$1" 2>&1)
    after=$(retransmitted)
    cmp "$pages/$1" "$pages/fetched"
    awk -v page="$1" -v loss="$2" -v again=$((after - before)) -v RS=' |\n' -F= '{ n[$1] = $2 } END {
        printf "| %s | %s %% | %.0f Mbit/s | %d | %d | %.1f ms | %.1f ms | %d | %d |\n", page, loss,
               n["throughput_mbit_s"], n["segments_received"], n["acknowledgements_sent"],
               n["acknowledged_after_median_us"] / 1000, n["acknowledged_after_worst_us"] / 1000, again,
               n["retransmissions"]
    }' <<<"$summary"
}

head -c 1000 /dev/urandom >"$pages/1kB"
head -c 10000000 /dev/urandom >"$pages/10MB"
printf '| page | loss | throughput | segments | acknowledgements '
printf '| acknowledged after, median | worst | sent again by the server | by us |\n'
echo "|---|---|---|---|---|---|---|---|---|"
for loss in 0 1; do
    start "$loss"
    row 1kB "$loss"
    row 10MB "$loss"
    stop
done
