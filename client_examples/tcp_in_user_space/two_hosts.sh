#!/usr/bin/env bash
# Two hosts with a cable between them: the network namespaces NAME-client and NAME-server, each with an interface eth0.
# The server has the address 10.0.0.1; the client's kernel has none, so that it stays out of what fetch_page does.
#
# two_hosts.sh up NAME [LOSS]   LOSS percent of the packets get lost, in either direction; prints by what
# two_hosts.sh down NAME
#
# Needs root, iproute2 and ethtool; with LOSS also a kernel with netem, or nftables.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

usage() {
    echo "Usage: two_hosts.sh up NAME [LOSS] | down NAME" >&2
    exit 2
}

on_client() { ip netns exec "$client" "$@"; }
on_server() { ip netns exec "$server" "$@"; }

# drop_incoming DEVICE LOSS: a ruleset that loses packets which come in on a device, before anybody sees them.
drop_incoming() {
    printf 'table netdev loss {
        chain incoming {
            type filter hook ingress device "%s" priority 0;
            numgen random mod 10000 < %d drop
        }
    }\n' "$1" "$(($2 * 100))"
}

up() {
    local loss=${1:-0}
    ip netns add "$client"
    ip netns add "$server"
    ip link add eth0 netns "$client" type veth peer name eth0 netns "$server"
    ip -n "$client" link set lo up
    ip -n "$client" link set eth0 up
    ip -n "$server" link set lo up
    ip -n "$server" address add 10.0.0.1/24 dev eth0
    ip -n "$server" link set eth0 up
    # A virtual cable needs no checksums and no division into segments; a real one does.
    on_server ethtool -K eth0 tx off >/dev/null
    if ((loss > 0)); then
        lose "$loss"
    fi
}

lose() {
    local loss=$1
    if tc -n "$server" qdisc add dev eth0 root netem loss "$loss%" 2>/dev/null; then
        tc -n "$client" qdisc add dev eth0 root netem loss "$loss%"
        echo netem
        return
    fi
    # What nftables drops on its way in was seen by libpcap before, and what it drops on its way out is reported to the
    # TCP that sent it. So the client gets a bridge, in front of which packets get lost that neither side hears of.
    drop_incoming eth0 "$loss" | on_server nft -f -
    ip -n "$client" link set eth0 down
    ip -n "$client" link set eth0 name port0
    ip -n "$client" link add eth0 type bridge forward_delay 0
    ip -n "$client" link set port0 master eth0
    ip -n "$client" link set port0 up
    ip -n "$client" link set eth0 up
    drop_incoming port0 "$loss" | on_client nft -f -
    echo nftables
}

down() {
    ip netns delete "$client" 2>/dev/null || true
    ip netns delete "$server" 2>/dev/null || true
}

[[ $# -ge 2 && $1 =~ ^(up|down)$ ]] || usage
action=$1
client=$2-client
server=$2-server
shift 2
"$action" "$@"
