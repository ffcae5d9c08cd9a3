"""What stands before several front doors: HAProxy."""

from .processes import Child

CONFIGURATION = """\
global
    maxconn 4000
defaults
    mode http
    timeout connect 2s
    timeout client {silence}s
    timeout server {silence}s
    retries 3
    # What has reached nobody goes to another one; what may have been taken is for the client to repeat.
    retry-on conn-failure
    option redispatch 1
frontend api
    bind 127.0.0.1:{port}
    default_backend front-doors
backend front-doors
    balance roundrobin
    option httpchk
    http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host localhost
    default-server check inter 500ms fall 2 rise 1
"""


class Balancer(Child):
    """Gives each request to one of the front doors that say they are ready."""

    def __init__(self, port, front_doors, directory, silence=60):
        """`front_doors` are pairs: the port of the API, and that of the admin listener. A connection on which nothing
        is said for so many seconds of silence is ended."""
        self.port = port
        lines = [f"    server front-{number} 127.0.0.1:{api} port {admin}\n"
                 for number, (api, admin) in enumerate(front_doors, 1)]
        path = directory / "haproxy.cfg"
        path.write_text(CONFIGURATION.format(port=port, silence=silence) + "".join(lines))
        super().__init__("haproxy", ["haproxy", "-db", "-f", path], directory / "haproxy.log")
