// The floor: what the broker alone costs a request, done as directly as librabbitmq can.
//
//   floor PORT REQUESTS WINDOW
//
// Four publishes and six deliveries a request, as in the pipeline: accepted → geocode → decision → callback, and three
// facts to progress; quorum queues, persistent messages of 600 bytes, confirms, and a delivery is acknowledged when what
// follows from it is confirmed. No HTTP, no store, no JSON. Each stage is a thread with a connection of its own. Prints
// {"requests": …, "seconds": …}; exits with 1 and a line when something fails.

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

enum { PUBLISHING = 1, CONSUMING = 2, SIZE = 600, PREFETCH = 256, RING = 1024, TOGETHER = 64 };

static const char *const EXCHANGE = "floor.events";
static int port, requests, window;
static struct timespec began, ended;

struct stage {
    const char *queue;     // NULL: it takes no messages and makes the requests
    const char *keys[3];   // what the queue is bound to
    const char *publishes; // the routing key; NULL: it is the last
    int messages;          // for each request
};

static const struct stage stages[] = {
    {NULL, {0}, "accepted", 1},
    {"floor.geocode", {"accepted"}, "geocoded", 1},
    {"floor.decision", {"geocoded"}, "decided", 1},
    {"floor.callback", {"decided"}, "told", 1},
    {"floor.progress", {"geocoded", "decided", "told"}, NULL, 3},
};
enum { STAGES = sizeof stages / sizeof *stages };
static amqp_connection_state_t connections[STAGES];

static void fail(const char *what) {
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

static void check(amqp_connection_state_t connection, const char *what) {
    if (amqp_get_rpc_reply(connection).reply_type != AMQP_RESPONSE_NORMAL) fail(what);
}

static amqp_bytes_t bytes(const char *text) { return amqp_cstring_bytes(text); }

static amqp_connection_state_t open_connection(void) {
    amqp_connection_state_t connection = amqp_new_connection();
    if (amqp_socket_open(amqp_tcp_socket_new(connection), "127.0.0.1", port) != AMQP_STATUS_OK) fail("cannot connect");
    if (amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest").reply_type
        != AMQP_RESPONSE_NORMAL)
        fail("cannot log in");
    for (int channel = PUBLISHING; channel <= CONSUMING; channel++) {
        amqp_channel_open(connection, channel);
        check(connection, "cannot open a channel");
    }
    return connection;
}

static void declare(amqp_connection_state_t connection, const struct stage *stage) {
    amqp_exchange_declare(connection, CONSUMING, bytes(EXCHANGE), bytes("topic"), 0, 1, 0, 0, amqp_empty_table);
    check(connection, "cannot declare the exchange");
    if (!stage->queue) return;
    amqp_table_entry_t type = {
        .key = bytes("x-queue-type"), .value = {.kind = AMQP_FIELD_KIND_UTF8, .value.bytes = bytes("quorum")}};
    amqp_table_t arguments = {.num_entries = 1, .entries = &type};
    amqp_queue_declare(connection, CONSUMING, bytes(stage->queue), 0, 1, 0, 0, arguments);
    check(connection, "cannot declare a queue");
    for (int i = 0; i < 3 && stage->keys[i]; i++) {
        amqp_queue_bind(
            connection, CONSUMING, bytes(stage->queue), bytes(EXCHANGE), bytes(stage->keys[i]), amqp_empty_table);
        check(connection, "cannot bind a queue");
    }
}

static void publish(amqp_connection_state_t connection, const char *key) {
    static const char body[SIZE];
    amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
    amqp_bytes_t content = {.len = SIZE, .bytes = (void *)body};
    if (amqp_basic_publish(connection, PUBLISHING, bytes(EXCHANGE), bytes(key), 0, 0, &properties, content)
        != AMQP_STATUS_OK)
        fail("cannot publish");
}

static void next_frame(amqp_connection_state_t connection, amqp_frame_t *frame) {
    amqp_maybe_release_buffers(connection);
    if (amqp_simple_wait_frame(connection, frame) != AMQP_STATUS_OK) fail("the connection is lost");
}

// The header and body frames that follow a delivery.
static void pass_over_content(amqp_connection_state_t connection) {
    amqp_frame_t frame;
    if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK || frame.frame_type != AMQP_FRAME_HEADER)
        fail("a delivery without a header");
    for (uint64_t left = frame.payload.properties.body_size; left > 0; left -= frame.payload.body_fragment.len)
        if (amqp_simple_wait_frame(connection, &frame) != AMQP_STATUS_OK) fail("a delivery without its body");
}

static void *run(void *argument) {
    const int index = (int)(long)argument;
    const struct stage *stage = &stages[index];
    amqp_connection_state_t connection = connections[index];
    const uint64_t all = (uint64_t)requests * stage->messages;
    // Numbers of publishes and deliveries are the same here, since each delivery makes one publish.
    bool confirmed[RING] = {false};
    uint64_t published = 0, received = 0, done = 0, acknowledged = 0;
    while (done < all || (stage->queue && acknowledged < all)) {
        if (!stage->queue)
            while (published < all && published - done < (uint64_t)window) publish(connection, stage->publishes), published++;
        amqp_frame_t frame;
        next_frame(connection, &frame);
        if (frame.frame_type != AMQP_FRAME_METHOD) fail("an unexpected frame");
        if (frame.payload.method.id == AMQP_BASIC_DELIVER_METHOD) {
            pass_over_content(connection);
            received++;
            if (stage->publishes) publish(connection, stage->publishes), published++;
            else done++;
        } else if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
            const amqp_basic_ack_t *ack = frame.payload.method.decoded;
            for (uint64_t n = ack->multiple ? done + 1 : ack->delivery_tag; n <= ack->delivery_tag; n++)
                confirmed[n % RING] = true;
            while (done < published && confirmed[(done + 1) % RING]) confirmed[++done % RING] = false;
        } else {
            fail("refused");
        }
        if (stage->queue && done > acknowledged
            && (done - acknowledged >= TOGETHER || done == all || !amqp_data_in_buffer(connection))) {
            amqp_basic_ack(connection, CONSUMING, done, 1);
            acknowledged = done;
        }
    }
    if (!stage->publishes) clock_gettime(CLOCK_MONOTONIC, &ended);
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4) fail("usage: floor PORT REQUESTS WINDOW");
    port = atoi(arguments[1]), requests = atoi(arguments[2]), window = atoi(arguments[3]);
    if (port < 1 || port > 65535 || requests < 1 || window < 1 || window >= RING)
        fail("PORT, REQUESTS and WINDOW (below 1024) are to be numbers above 0");
    pthread_t threads[STAGES];
    for (int i = 0; i < STAGES; i++) {
        connections[i] = open_connection();
        declare(connections[i], &stages[i]);
        amqp_confirm_select(connections[i], PUBLISHING);
        check(connections[i], "no confirms");
    }
    for (int i = 1; i < STAGES; i++) {
        amqp_basic_qos(connections[i], CONSUMING, 0, PREFETCH, 0);
        check(connections[i], "no prefetch");
        amqp_basic_consume(
            connections[i], CONSUMING, bytes(stages[i].queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
        check(connections[i], "cannot consume");
    }
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (long i = 0; i < STAGES; i++) pthread_create(&threads[i], NULL, run, (void *)i);
    for (int i = 0; i < STAGES; i++) pthread_join(threads[i], NULL);
    printf("{\"requests\": %d, \"seconds\": %.6f}\n", requests,
           (double)(ended.tv_sec - began.tv_sec) + (ended.tv_nsec - began.tv_nsec) / 1e9);
    return 0;
}
