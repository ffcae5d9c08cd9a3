"""Takes a copy of every event that is published, as any other subscriber of the broker could."""

import asyncio
import dataclasses
import json
import threading

import aio_pika


@dataclasses.dataclass(frozen=True)
class Message:
    """An event as it came."""
    producer: str  # The app id, e.g. `intake-geocode`.
    routing_key: str
    headers: dict
    body: bytes

    @property
    def event(self):
        return self.headers.get("cloudEvents:type")

    @property
    def subject(self):
        return self.headers.get("cloudEvents:subject")

    @property
    def data(self):
        return json.loads(self.body)


class Tap:
    """A queue of its own bound to everything; also publishes, as a service written in another language would."""

    def __init__(self, url):
        self._url = url
        self._messages = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._connection = self._exchange = None

    def start(self):
        self._thread.start()
        self._run(self._open())

    def stop(self):
        if self._connection:
            self._run(self._connection.close())
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    @property
    def messages(self):
        """What has come so far."""
        return list(self._messages)

    def publish(self, routing_key, headers, body):
        """Publishes an event, and waits for the broker's confirm."""
        message = aio_pika.Message(
            json.dumps(body).encode(), headers=headers, content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=headers["cloudEvents:id"],
            type=headers["cloudEvents:type"], app_id="python")
        self._run(self._exchange.publish(message, routing_key, mandatory=True))

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)

    async def _open(self):
        self._connection = await aio_pika.connect(self._url)
        channel = await self._connection.channel(publisher_confirms=True)
        self._exchange = await channel.get_exchange("intake.events")
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(self._exchange, "#")
        await queue.consume(self._note, no_ack=True)

    async def _note(self, message):
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in message.headers.items()}
        self._messages.append(Message(message.app_id, message.routing_key, headers, message.body))
