/// Address in, location out: reads `request.accepted`, says `request.geocoded`.
@main
enum GeocodeService {
    static func main() async {
        await run()
    }
}
