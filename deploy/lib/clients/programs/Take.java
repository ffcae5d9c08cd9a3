import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/** Takes callbacks with the JDK's server: Take PORT. */
class Take {
    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 16);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }
}
