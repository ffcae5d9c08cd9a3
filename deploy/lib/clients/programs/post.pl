# Posts a body with LWP: post.pl URL TOKEN BODY.
use strict;
use warnings;
use LWP::UserAgent;

my ($url, $token, $body) = @ARGV;
my $answer = LWP::UserAgent->new(keep_alive => 1)->post(
    $url, "Authorization" => "Bearer $token", "Content-Type" => "application/json", Content => $body);
print $answer->code, "\n";
