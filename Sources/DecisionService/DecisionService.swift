/// Location in, yes or no out: reads `request.geocoded`, says `request.decided`.
@main
enum DecisionService {
    static func main() async {
        await run()
    }
}
