"""Fan-out on FastAPI: a list of connections and an awaited `send_text` for each."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from benchmarks.peers import models


class Connections:
    """Everyone who is connected."""

    def __init__(self) -> None:
        self._open: list[WebSocket] = []

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self._open.append(websocket)

    def disconnect(self, websocket: WebSocket) -> None:
        self._open.remove(websocket)

    async def broadcast(self, text: str) -> None:
        for websocket in self._open:
            await websocket.send_text(text)


app = FastAPI()
connections = Connections()


@app.websocket("/ws/fanout/")
async def fanout(websocket: WebSocket) -> None:
    await connections.connect(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            try:
                said = models.said(text)
            except ValidationError:
                await websocket.send_text(models.INVALID)
            else:
                await connections.broadcast(said)
    except WebSocketDisconnect:
        connections.disconnect(websocket)
