"""Takes callbacks as an application behind uvicorn."""


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 202, "headers": [(b"content-type", b"text/plain")]})
    # In two parts: chunked.
    await send({"type": "http.response.body", "body": b"tak", "more_body": True})
    await send({"type": "http.response.body", "body": b"en"})
