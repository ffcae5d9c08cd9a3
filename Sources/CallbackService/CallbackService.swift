/// Tells the partner what was decided, and each further step, until the partner has really taken it: reads
/// `request.decided` and `request.status-changed`, says `callback.delivered`, `.attempted` and `.superseded`.
@main
enum CallbackService {
    static func main() async {
        await run()
    }
}
