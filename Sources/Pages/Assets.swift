import Crypto
import HTTPListener
import HTTPTypes
package import Hummingbird

/// What pages load beside themselves. A file's name holds the digest of its content, so that a browser may keep it
/// for ever.
struct Asset: Sendable {
    var name: String
    var type: String
    var bytes: [UInt8]
    var tag: String

    init(_ stem: String, _ suffix: String, type: String, _ bytes: [UInt8]) {
        let digest = SHA256.hash(data: bytes).prefix(8)
            .map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        name = "\(stem).\(digest).\(suffix)"
        self.type = type
        self.bytes = bytes
        tag = "\"\(digest)\""
    }

    static let style = Asset("style", "css", type: "text/css; charset=utf-8", PackageResources.style_css)
    static let script = Asset("page", "js", type: "text/javascript; charset=utf-8", PackageResources.page_js)
    static let icon = Asset("icon", "svg", type: "image/svg+xml", PackageResources.icon_svg)
    static let all = [style, script, icon]
}

/// Where a room's pages find them.
struct AssetPaths: Sendable {
    var style: String
    var script: String
    var icon: String

    init(_ room: PageFrame.Room) {
        let base = "/\(room.rawValue)/assets/"
        style = base + Asset.style.name
        script = base + Asset.script.name
        icon = base + Asset.icon.name
    }
}

/// Serves them.
package struct AssetController: Sendable {
    package init() {}

    /// `GET assets/{name}`
    @Sendable package func get(_ request: Request, context: some RequestContext) throws -> Response {
        let name = context.parameters.get("name")
        guard let asset = Asset.all.first(where: { $0.name == name }) else { throw Problem.notFound }
        var headers: HTTPFields = [
            .contentType: asset.type, .eTag: asset.tag, .cacheControl: "public, max-age=31536000, immutable",
            .xContentTypeOptions: "nosniff",
        ]
        let known = request.headers[values: .ifNoneMatch].contains { $0.contains(asset.tag) }
        guard !known else {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
