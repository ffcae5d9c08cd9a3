# Takes callbacks with HTTP::Daemon: take.pl PORT.
use strict;
use warnings;
use HTTP::Daemon;
use HTTP::Response;

my $server = HTTP::Daemon->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], ReuseAddr => 1) or die "no port: $!";
while (my $client = $server->accept) {
    while (my $request = $client->get_request) {
        $client->send_response(HTTP::Response->new(200, "OK", ["Content-Type" => "text/plain"], "taken"));
    }
    $client->close;
}
