/// Tells the partner what was decided, until the partner has really taken it: reads `request.decided`, says
/// `callback.delivered`.
@main
enum CallbackService {
    static func main() async {
        await run()
    }
}
