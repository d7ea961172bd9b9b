"""A network that may be bad: stands between a process and a server of 127.0.0.1, in a thread of its own."""
import asyncio
import threading


class Proxy:
    """Passes on what is said either way; `slow`, `hole`, `cut` and `mend` change what becomes of it."""

    def __init__(self, server_port):
        self.server_port = server_port
        self.delay_s = 0
        self.cutting = False
        self.loop = asyncio.new_event_loop()
        self.passing = asyncio.Event()
        self.passing.set()
        self.writers = set()
        started = threading.Event()
        threading.Thread(target=self.run, args=(started,), daemon=True).start()
        started.wait()

    def run(self, started):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    async def serve(self, reader, writer):
        try:
            if self.cutting:
                writer.transport.abort()
                return
            far = await asyncio.open_connection("127.0.0.1", self.server_port)
        except OSError:
            writer.transport.abort()
            return
        self.writers |= {writer, far[1]}
        await asyncio.gather(self.pump(reader, far[1]), self.pump(far[0], writer))
        self.writers -= {writer, far[1]}

    async def pump(self, reader, writer):
        try:
            while data := await reader.read(65536):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self.passing.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    # ---- from the test's thread

    def call(self, function, *arguments):
        done = threading.Event()

        def run():
            function(*arguments)
            done.set()
        self.loop.call_soon_threadsafe(run)
        done.wait()

    def slow(self, delay_s):
        """Every read, either way, arrives that much later."""
        self.delay_s = delay_s

    def hole(self):
        """Nothing arrives any more, and nobody is told. What was sent arrives once it is mended."""
        self.call(self.passing.clear)

    def abort_all(self):
        for writer in self.writers:
            writer.transport.abort()

    def cut(self):
        """All connections are reset, and so is whoever comes."""
        self.cutting = True
        self.call(self.abort_all)

    def mend(self):
        self.delay_s = 0
        self.cutting = False
        self.call(self.passing.set)
