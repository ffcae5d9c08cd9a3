# shellcheck shell=bash
# What deploy/test-containers looks at, once everything runs. Sourced by it.

# The largest that an image may be over its base, in bytes.
size_limit=90000000

show_sizes() {
    local base size name too_large=''
    base=$(podman image inspect --format '{{.Size}}' "$base_image")
    printf '  %-28s %10s\n' "over $base_image" "$(in_megabytes "$base")"
    for name in ingest-service geocode-service decision-service callback-service intake; do
        size=$(($(podman image inspect --format '{{.Size}}' "intake/$name") - base))
        printf '  %-28s %10s\n' "intake/$name" "+$(in_megabytes "$size")"
        ((size <= size_limit)) || too_large+=" $name"
    done
    # Executables from elsewhere were linked otherwise.
    [[ -z $too_large || -n $executables ]] || fail "more than $(in_megabytes "$size_limit") over the base:$too_large"
}

in_megabytes() { printf '%d.%d MB' $(($1 / 1000000)) $(($1 % 1000000 / 100000)); }

# await_healthy CONTAINER SECONDS: sets healthy_after to how long after its start it was.
await_healthy() {
    local started now
    wait_until "$2" is_healthy "$1" || fail "$1 is not healthy after $2 s"
    now=$(date +%s%N)
    local format='{{.State.StartedAt.Format "2006-01-02T15:04:05.999999999Z07:00"}}'
    started=$(date --date "$(podman inspect --format "$format" "$1")" +%s%N)
    healthy_after=$(((now - started) / 100000000))
    healthy_after=$((healthy_after / 10)).$((healthy_after % 10))
}

# ask_management PATH: RabbitMQ's management API, as a person would, through the published port.
ask_management() {
    curl --silent --fail --max-time 5 --user "intake-monitor:$(<"$repository/deploy/secrets/broker-monitor")" \
        "http://127.0.0.1:$management_port/api/$1"
}

# queue_holds QUEUE COUNT: whether so many messages wait there, or more.
queue_holds() {
    local ready
    local count='import json, sys; print(json.load(sys.stdin).get("messages", 0))'
    ready=$(ask_management "queues/%2F/$1" | python3 -c "$count") || return 1
    ((ready >= $2))
}

# run_beside NAME OPTION… -- IMAGE ARGUMENT…: another container on the same network, as bare as those of compose.yaml.
run_beside() {
    local name=$1 options=()
    shift
    while [[ $1 != -- ]]; do options+=("$1") && shift; done
    shift
    podman run --detach --name "$name" --network "${project}_default" --read-only --cap-drop all \
        --security-opt no-new-privileges "${options[@]}" "$@" >"$state/podman.log" 2>&1 || {
        last_lines "$state/podman.log"
        fail "$name could not be started"
    }
}

# simulate NAME ARGUMENT…: a partner in a container, with callbacks where callbacks.containers.yaml sends them.
simulate() {
    local name=$1
    shift
    run_beside "$name" --network-alias simulator --volume "$repository/examples:/examples:ro" -- \
        intake/intake simulate --url http://ingest:8080 --callback-host 0.0.0.0 --callback-port 8090 \
        --callback-authorization demo-partner-token \
        --signing-secret whsec_ZGVtby1zZWNyZXQtbm90LWZvci1wcm9kdWN0aW9uISE= "$@"
}

# await_success NAME SECONDS: waits for a container's end, shows what it said, fails unless it went well.
await_success() {
    wait_until "$2" has_ended "$1" || fail "$1 does not end"
    container_log "$1" | tail -n 12 | sed 's/^/    /'
    [[ $(podman inspect --format '{{.State.ExitCode}}' "$1") == 0 ]] || fail "$1 failed"
    podman rm "$1" >/dev/null
}

check_hardening() {
    local service container user environment
    for service in "${services[@]}"; do
        container=$(container "$service")
        user=$(podman exec "$container" id -u)
        [[ $user == 10001 ]] || fail "$service runs as user $user"
        ! podman exec "$container" sh -c ': >/usr/local/bin/x' 2>/dev/null ||
            fail "$service can write to its own program"
        [[ $(podman exec "$container" sed -n 's/^CapEff:\t//p' /proc/1/status) == 0000000000000000 ]] ||
            fail "$service has capabilities"
        environment=$(podman exec "$container" sh -c 'tr "\0" "\n" </proc/1/environ')
        [[ $environment != *not-for-production* ]] || fail "$service has a secret in its environment"
        [[ $service == ingest ]] || ! podman exec "$container" sh -c ': </run/secrets/broker-ingest' 2>/dev/null ||
            fail "$service sees the password of ingest"
    done
    say "  user 10001, no capability, read-only, no secret in the environment, no other's password"
}

check_examples() {
    say "" "The example requests:"
    compose --profile simulator up --detach --no-build --no-deps simulator
    await_success "$(container simulator)" 120
}

check_outage() {
    say "" "40 requests while the callback service is away:"
    compose stop callback
    simulate outage --count 40 --seed 7 --timeout 120s
    wait_until 60 queue_holds intake.callback.smokealarm-portal 40 || fail "the callbacks do not wait in their queue"
    say "  40 callbacks wait in intake.callback.smokealarm-portal"
    compose start callback
    await_success outage 120
}

check_operator() {
    say "" "The operator's command:"
    compose --profile operator run --rm -T --no-deps operator audit
    tail -n 6 "$state/compose.log" | sed 's/^/    /'
}

# wrong WHAT PATTERN OPTION… : a geocode service that should complain in one line, which PATTERN matches, and never be
# healthy. `image` chooses another service.
wrong() {
    local what=$1 pattern=$2 image=${image:-geocode} lines
    shift 2
    run_beside wrong --env INTAKE_TOPOLOGY_DECLARE=false --env INTAKE_ADMIN_HOST=0.0.0.0 \
        --env INTAKE_ADMIN_TOKEN_FILE=/run/secrets/admin-token --env INTAKE_PUBLISHED_ADDRESS=127.0.0.1 \
        --env "INTAKE_BROKER_URL=amqp://intake-$image@rabbitmq:5672/" \
        --env "INTAKE_BROKER_PASSWORD_FILE=/run/secrets/broker-$image" \
        --env INTAKE_PROVIDERS_FILE=/etc/intake/providers.yaml --env INTAKE_GEOCODER_CACHE_PATH=/tmp/cache.sqlite \
        --env INTAKE_STORE_PATH=/tmp/intake.sqlite --volume "$repository/deploy/config:/etc/intake:ro" \
        --volume "$repository/deploy/secrets:/run/secrets:ro" "$@" -- "intake/$(executable_of "$image")"
    wait_until 20 says wrong "$pattern" || {
        container_log wrong | tail -n 12 | sed 's/^/    /'
        fail "$what: no line of its log matches '$pattern'"
    }
    lines=$(container_log wrong | grep -c -E -e "$pattern")
    # Each of a service's two connections to the broker speaks for itself.
    ((lines <= 2)) || fail "$what: said $lines times"
    ! is_healthy wrong || fail "$what: it is healthy all the same"
    [[ $(container_log wrong) != *not-for-production* ]] || fail "$what: the log shows a secret"
    say "  $what:" "    $(container_log wrong | grep -E -m 1 -e "$pattern" | cut -c 1-260)"
    if has_ended wrong; then
        say "    it ended with status $(podman inspect --format '{{.State.ExitCode}}' wrong)"
    else
        # What docker and podman show of a health check that fails.
        say "    $(podman exec wrong "/usr/local/bin/$(executable_of "$image")" health 2>&1 |
            grep -v ': ok$' | head -n 1)"
    fi
    podman rm --force --time 0 wrong >/dev/null 2>&1
}

# says CONTAINER PATTERN
says() { container_log "$1" | grep -q -E -e "$2"; }

check_wrong_configurations() {
    wrong "a secret that is not there" 'INTAKE_ADMIN_TOKEN_FILE.*/run/secrets/none' \
        --env INTAKE_ADMIN_TOKEN_FILE=/run/secrets/none
    wrong "the trial's token where others reach it" 'INTAKE_ADMIN_TOKEN .*token of the demo' \
        --env INTAKE_PUBLISHED_ADDRESS=0.0.0.0
    wrong "a broker that cannot be reached" 'nowhere:5672' --env INTAKE_BROKER_URL=amqp://intake-geocode@nowhere:5672/
    wrong "a wrong password" 'intake-geocode' --env INTAKE_BROKER_PASSWORD_FILE=/run/secrets/broker-decision
    # Whichever of its two listeners comes second says so.
    image=ingest wrong "a port in use" 'cannot listen on port 8081' --env INTAKE_HTTP_PORT=8081 \
        --env INTAKE_HTTP_HOST=0.0.0.0
    image=ingest wrong "a store on a read-only file system" 'INTAKE_STORE_PATH|store\.path' \
        --env INTAKE_STORE_PATH=/var/lib/intake/intake.sqlite
}

check_tls() {
    "$repository/deploy/certificates" "$state/certs" --name rabbitmq --in-containers
    compose down
    compose_files+=(--file "$repository/deploy/compose.tls.yaml")
    start_everything
    simulate over-tls --count 20 --seed 8
    await_success over-tls 120
    "$repository/deploy/certificates" "$state/others" --name rabbitmq --in-containers
    wrong "a broker whose certificate another authority signed" 'cert verification failed' \
        --env INTAKE_BROKER_URL=amqps://intake-geocode@rabbitmq:5671/ --env INTAKE_BROKER_CA_FILE=/run/ca.pem \
        --volume "$state/others/ca.pem:/run/ca.pem:ro"
}
