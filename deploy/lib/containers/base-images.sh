# shellcheck shell=bash
# The images that deploy/Containerfile and deploy/compose.yaml begin with. Sourced by deploy/test-containers.

base_image=docker.io/library/debian:bookworm-slim
swift_image=docker.io/library/swift:6.3-bookworm
broker_image=docker.io/library/rabbitmq:4.2-management
# Of `podman build`: what the stand-ins need.
build_options=()

# provide_base_images DIR: pulls them, or makes stand-ins of the same names in DIR.
provide_base_images() {
    local directory=$1
    if [[ ! -e $directory/debian ]]; then
        ! pull_base_images "$directory/pull.log" || return 0
        say "A base image cannot be pulled:" "    $(tail -n 1 "$directory/pull.log")"
    fi
    # shellcheck disable=SC2034 # For the summary at the end.
    replaced=(
        "$base_image: debootstrap"
        "$swift_image: the same with gcc, and this machine's Swift mounted"
        "$broker_image: debootstrap of Debian 13, whose RabbitMQ is 4.0"
    )
    # The machine's own network: whoever cannot reach a registry may let nobody else out either.
    build_options+=(--network host)
    podman image exists "$base_image" || make_base_image "$directory/debian" >"$directory/debootstrap.log" 2>&1 || {
        last_lines "$directory/debootstrap.log"
        fail "debootstrap failed"
    }
    make_swift_image "$directory/swift"
    make_broker_image "$directory"
}

# pull_base_images LOG: fails unless all of them are there then.
pull_base_images() {
    local image
    for image in "$base_image" "$swift_image" "$broker_image"; do
        timeout 300 podman pull --quiet "$image" >"$1" 2>&1 || return 1
    done
}

# build_quietly DIR IMAGE CONTEXT CONTAINERFILE OPTION…: shows what was said only when it fails; the log is in DIR.
build_quietly() {
    local log=$1/stand-in.log image=$2 context=$3 file=$repository/deploy/lib/containers/$4
    shift 4
    podman build --layers --network host --tag "$image" --file "$file" "$@" "$context" >"$log" 2>&1 || {
        last_lines "$log"
        fail "no stand-in for $image could be made"
    }
}

make_base_image() {
    debootstrap --variant=minbase bookworm "$1" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
    # As the slim image has it, here and in what is installed later.
    printf 'path-exclude /usr/share/%s/*\n' doc man locale info >"$1/etc/dpkg/dpkg.cfg.d/slim"
    rm -rf "$1"/usr/share/{doc,man,locale,info}/* "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*
    tar --directory "$1" --create . | podman import --change CMD=bash - "$base_image"
    rm -rf "$1"
    mkdir "$1"
}

make_broker_image() {
    local root=$repository/.build/debian-13
    "$repository/deploy/lib/debian-13" "$root"
    tar --directory "$root" --one-file-system --create . |
        podman import - localhost/intake/debian-13 >"$1/import.log" 2>&1 || {
        last_lines "$1/import.log"
        fail "Debian 13 could not be made an image"
    }
    build_quietly "$1" "$broker_image" "$repository/deploy/lib/containers" stand-in.rabbitmq.Containerfile
}

make_swift_image() {
    local toolchain key instead source
    toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
    [[ $toolchain != /usr ]] || fail "Swift is installed in /usr: it cannot be mounted into the build"
    build_options+=(--volume "$toolchain:$toolchain:ro")
    mkdir -p "$1"
    : >"$1/gitconfig"
    # A mirror of packages on this machine is one in the build, too.
    while read -r key instead; do
        source=${key#url.} source=${source%.insteadof}
        [[ -d $source ]] || continue
        git config --file "$1/gitconfig" --add "url.$source.insteadOf" "$instead"
        # Once, however many addresses it stands for.
        [[ " ${build_options[*]} " == *" $source:$source:ro "* ]] || build_options+=(--volume "$source:$source:ro")
    done < <(git config --get-regexp '^url\..*\.insteadof$')
    git config --file "$1/gitconfig" --add safe.directory '*'
    build_quietly "$(dirname "$1")" "$swift_image" "$1" stand-in.swift.Containerfile --build-arg "TOOLCHAIN=$toolchain"
}
