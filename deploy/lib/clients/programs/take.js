// Takes callbacks with Node's server: take.js PORT.
require("http").createServer((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(200, { "Content-Type": "application/json" }).end("{}"));
}).listen(Number(process.argv[2]), "127.0.0.1");
