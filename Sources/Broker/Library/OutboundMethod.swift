/// The methods that the client sends, but for basic.publish, which has a content.
enum OutboundMethod: Sendable, Equatable {
    case channelOpen
    case channelClose
    case channelCloseOk
    case exchangeDeclare(TopologyDeclaration.Exchange, isPassive: Bool)
    case exchangeBind(TopologyDeclaration.ExchangeBinding)
    case queueDeclare(TopologyDeclaration.Queue, isPassive: Bool)
    case queueBind(TopologyDeclaration.Binding)
    case queueUnbind(TopologyDeclaration.Binding)
    case queueDelete(name: String)
    case basicQos(prefetch: UInt16)
    case basicConsume(queue: String, consumerTag: String)
    case basicCancel(consumerTag: String)
    case basicAck(tag: UInt64, multiple: Bool)
    case basicReject(tag: UInt64, requeue: Bool)
    case confirmSelect
    case connectionClose
    case connectionCloseOk
}
