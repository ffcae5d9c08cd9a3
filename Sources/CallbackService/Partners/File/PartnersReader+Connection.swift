import NIOSSL
import ServiceRuntime
import Yams

/// Where a partner is, and how the connection there comes about.
extension PartnersReader {
    mutating func url(
        _ node: Node?, of parent: Node, _ allowances: Set<Partner.Allowance>, isFixed: Bool = false, at path: String
    ) -> URLTemplate? {
        let path = "\(path).url"
        guard let node else {
            report(path, parent, "is missing")
            return nil
        }
        guard let text = text(node, at: path) else { return nil }
        let url: URLTemplate
        do throws(URLTemplate.Problem) {
            url = try isFixed ? URLTemplate(fixed: text) : URLTemplate(text)
        } catch {
            report(path, node, error.description)
            return nil
        }
        guard url.isSecure || allowances.contains(.http) else {
            report(path, node, "is not https: callbacks without TLS need allow: [http]")
            return nil
        }
        let isPrivateAllowed = allowances.contains(.privateNetworks)
        if case .address(let address) = url.host,
            let refusal = AddressRule(allowsPrivateNetworks: isPrivateAllowed).refusal(of: address)
        {
            let way =
                AddressRule(allowsPrivateNetworks: true).refusal(of: address) == nil
                ? ": needs allow: [private-networks]" : ""
            report(path, node, "has an address that callbacks must not go to, \(refusal)\(way)")
            return nil
        }
        guard isPrivateAllowed || !url.host.isLocalhost else {
            report(path, node, "leads to this host itself: needs allow: [private-networks]")
            return nil
        }
        return url
    }

    mutating func allowances(_ node: Node?, at path: String) -> Set<Partner.Allowance> {
        guard let node else { return [] }
        var allowances: Set<Partner.Allowance> = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let text = text(element, at: "\(path)[\(index)]") else { continue }
            guard let allowance = Partner.Allowance(rawValue: text) else {
                let known = Partner.Allowance.allCases.map(\.rawValue).joined(separator: " or ")
                report("\(path)[\(index)]", element, "must be \(known)")
                continue
            }
            allowances.insert(allowance)
        }
        return allowances
    }

    mutating func certificateAuthorities(_ node: Node?, at path: String) -> [UInt8]? {
        guard let node, let name = text(node, at: path), let bytes = file(name, node, at: path) else { return nil }
        // What is wrong with it is not for a log: the file may be somebody's key by mistake.
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            report(path, node, "the file holds no certificate in PEM form")
            return nil
        }
        return bytes
    }

    mutating func proxy(_ node: Node?, at path: String) -> Endpoint.Proxy? {
        guard let node, let text = text(node, at: path) else { return nil }
        let shape = "must be http://host:port"
        guard text.hasPrefix("http://") else {
            report(path, node, shape)
            return nil
        }
        let authority = text.dropFirst("http://".count)
        guard !authority.contains("@") else {
            report(path, node, "\(shape), without a user or password")
            return nil
        }
        guard let colon = authority.lastIndex(of: ":"),
            let port = UInt16(authority[authority.index(after: colon)...]), port > 0,
            // What is wrong with the host is told by the shape.
            let host = try? PartnerHost(String(authority[..<colon]))
        else {
            report(path, node, shape)
            return nil
        }
        return Endpoint.Proxy(host: host, port: Int(port))
    }
}
