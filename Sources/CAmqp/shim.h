// librabbitmq as Swift can import it. No policy and no state: only what the importer leaves out (variadic functions,
// macros with casts), under the names of the AMQP 0-9-1 methods.
#ifndef CAMQP_SHIM_H
#define CAMQP_SHIM_H

// Version 0.12 moved the headers into a folder of their own.
#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif

// amqp_login_with_properties is variadic.
static inline amqp_rpc_reply_t camqp_login_plain(
    amqp_connection_state_t state, const char *vhost, int channel_max, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *user, const char *password) {
  return amqp_login_with_properties(
      state, vhost, channel_max, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

static inline amqp_rpc_reply_t camqp_login_external(
    amqp_connection_state_t state, const char *vhost, int channel_max, int frame_max, int heartbeat,
    const amqp_table_t *properties, const char *identity) {
  return amqp_login_with_properties(
      state, vhost, channel_max, frame_max, heartbeat, properties, AMQP_SASL_METHOD_EXTERNAL, identity);
}

// The method numbers are macros with a cast.
static const amqp_method_number_t CAMQP_CONNECTION_CLOSE = AMQP_CONNECTION_CLOSE_METHOD;
static const amqp_method_number_t CAMQP_CONNECTION_CLOSE_OK = AMQP_CONNECTION_CLOSE_OK_METHOD;
static const amqp_method_number_t CAMQP_CONNECTION_BLOCKED = AMQP_CONNECTION_BLOCKED_METHOD;
static const amqp_method_number_t CAMQP_CONNECTION_UNBLOCKED = AMQP_CONNECTION_UNBLOCKED_METHOD;
static const amqp_method_number_t CAMQP_CHANNEL_OPEN = AMQP_CHANNEL_OPEN_METHOD;
static const amqp_method_number_t CAMQP_CHANNEL_OPEN_OK = AMQP_CHANNEL_OPEN_OK_METHOD;
static const amqp_method_number_t CAMQP_CHANNEL_CLOSE = AMQP_CHANNEL_CLOSE_METHOD;
static const amqp_method_number_t CAMQP_CHANNEL_CLOSE_OK = AMQP_CHANNEL_CLOSE_OK_METHOD;
static const amqp_method_number_t CAMQP_EXCHANGE_DECLARE = AMQP_EXCHANGE_DECLARE_METHOD;
static const amqp_method_number_t CAMQP_EXCHANGE_DECLARE_OK = AMQP_EXCHANGE_DECLARE_OK_METHOD;
static const amqp_method_number_t CAMQP_EXCHANGE_BIND = AMQP_EXCHANGE_BIND_METHOD;
static const amqp_method_number_t CAMQP_EXCHANGE_BIND_OK = AMQP_EXCHANGE_BIND_OK_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_DECLARE = AMQP_QUEUE_DECLARE_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_DECLARE_OK = AMQP_QUEUE_DECLARE_OK_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_BIND = AMQP_QUEUE_BIND_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_BIND_OK = AMQP_QUEUE_BIND_OK_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_UNBIND = AMQP_QUEUE_UNBIND_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_UNBIND_OK = AMQP_QUEUE_UNBIND_OK_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_DELETE = AMQP_QUEUE_DELETE_METHOD;
static const amqp_method_number_t CAMQP_QUEUE_DELETE_OK = AMQP_QUEUE_DELETE_OK_METHOD;
static const amqp_method_number_t CAMQP_BASIC_QOS = AMQP_BASIC_QOS_METHOD;
static const amqp_method_number_t CAMQP_BASIC_QOS_OK = AMQP_BASIC_QOS_OK_METHOD;
static const amqp_method_number_t CAMQP_BASIC_CONSUME = AMQP_BASIC_CONSUME_METHOD;
static const amqp_method_number_t CAMQP_BASIC_CONSUME_OK = AMQP_BASIC_CONSUME_OK_METHOD;
static const amqp_method_number_t CAMQP_BASIC_CANCEL = AMQP_BASIC_CANCEL_METHOD;
static const amqp_method_number_t CAMQP_BASIC_CANCEL_OK = AMQP_BASIC_CANCEL_OK_METHOD;
static const amqp_method_number_t CAMQP_BASIC_PUBLISH = AMQP_BASIC_PUBLISH_METHOD;
static const amqp_method_number_t CAMQP_BASIC_RETURN = AMQP_BASIC_RETURN_METHOD;
static const amqp_method_number_t CAMQP_BASIC_DELIVER = AMQP_BASIC_DELIVER_METHOD;
static const amqp_method_number_t CAMQP_BASIC_ACK = AMQP_BASIC_ACK_METHOD;
static const amqp_method_number_t CAMQP_BASIC_REJECT = AMQP_BASIC_REJECT_METHOD;
static const amqp_method_number_t CAMQP_BASIC_NACK = AMQP_BASIC_NACK_METHOD;
static const amqp_method_number_t CAMQP_CONFIRM_SELECT = AMQP_CONFIRM_SELECT_METHOD;
static const amqp_method_number_t CAMQP_CONFIRM_SELECT_OK = AMQP_CONFIRM_SELECT_OK_METHOD;

#endif
