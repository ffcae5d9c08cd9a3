# shellcheck shell=bash
# podman with a storage, volumes and networks of its own. Sourced by deploy/test-containers.

# use_podman DIR: everything that podman makes from now on is below DIR, for as long as it runs.
use_podman() {
    local directory=$1 driver=vfs engine=''
    mkdir -p "$directory"/{storage,run,tmp,volumes,networks,try/{lower,upper,work,merged}}
    # vfs copies a whole image for each layer, but needs nothing of the kernel.
    local try=$directory/try
    if mount -t overlay overlay -o "lowerdir=$try/lower,upperdir=$try/upper,workdir=$try/work" \
        "$directory/try/merged" 2>/dev/null; then
        umount "$directory/try/merged"
        driver=overlay
    fi
    # Without systemd nobody else makes control groups; podman's own choice there cannot work.
    [[ -d /run/systemd/system ]] || engine=$'cgroup_manager = "cgroupfs"\nevents_logger = "file"'
    # Debian's crun knows the second version of control groups only.
    [[ -e /sys/fs/cgroup/cgroup.controllers ]] || engine+=$'\nruntime = "runc"'
    cat >"$directory/storage.conf" <<CONF
[storage]
driver = "$driver"
graphroot = "$directory/storage"
runroot = "$directory/run"
CONF
    # podman would give containers more files and processes than a container that runs this may pass on.
    cat >"$directory/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
tmp_dir = "$directory/tmp"
volume_path = "$directory/volumes"
$engine
[network]
network_backend = "netavark"
network_config_dir = "$directory/networks"
CONF
    printf 'unqualified-search-registries = []\n' >"$directory/registries.conf"
    export CONTAINERS_CONF=$directory/containers.conf CONTAINERS_STORAGE_CONF=$directory/storage.conf
    export CONTAINERS_REGISTRIES_CONF=$directory/registries.conf
    forwarding=$(</proc/sys/net/ipv4/ip_forward)
    had_rules=$(iptables --table nat --list-rules 2>/dev/null | grep -m 1 NETAVARK || true)
    say "podman $(podman version --format '{{.Client.Version}}'), storage driver $driver"
}

# remove_podman DIR: all containers, images, volumes and networks, and what podman has changed on this machine.
remove_podman() {
    local directory=$1 table chain rule
    podman rm --force --all --time 0 >/dev/null 2>&1 || true
    podman system reset --force >/dev/null 2>&1 || true
    # A mount that stays would be emptied with the directory.
    if grep -q " $directory/" /proc/self/mounts; then
        say "These mounts below $directory have stayed:"
        grep -o " $directory/[^ ]*" /proc/self/mounts
        return 1
    fi
    rm -rf "$directory"
    # The rules of networks stay where another podman had some before.
    if [[ -z $had_rules ]]; then
        for table in nat filter; do
            iptables --table "$table" --list-rules | sed -n 's/^-A \(.* -j NETAVARK.*\)/\1/p' | while read -r rule; do
                # xargs knows the quotes of a rule's comment.
                xargs iptables --table "$table" --delete <<<"$rule" || true
            done
            for chain in $(iptables --table "$table" --list-rules | sed -n 's/^-N \(NETAVARK.*\)/\1/p'); do
                iptables --table "$table" --flush "$chain" && iptables --table "$table" --delete-chain "$chain" || true
            done
        done 2>/dev/null
    fi
    printf '%s\n' "$forwarding" >/proc/sys/net/ipv4/ip_forward
}

# container_log NAME: everything that it has said.
container_log() { podman logs "$1" 2>&1; }

# is_healthy NAME: asks now, rather than a timer that only systemd would run.
is_healthy() { podman healthcheck run "$1" >/dev/null 2>&1; }

# has_ended NAME
has_ended() { [[ $(podman inspect --format '{{.State.Status}}' "$1") == exited ]]; }
