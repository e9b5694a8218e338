import net, { type AddressInfo } from 'node:net'

export type TcpServer = {
  port: number
  /** The heads of the requests received, one for each request on the wire. */
  requests: string[]
  close(): Promise<void>
}

/** What the server does with one whole request head, given the number of requests before it. */
export type Answering = (socket: net.Socket, head: string, before: number) => void

/** A server on 127.0.0.1 that writes whatever bytes a test wants, HTTP or not. */
export async function startTcpServer(answer: Answering): Promise<TcpServer> {
  const requests: string[] = []
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The client cuts connections on purpose in these tests.
    socket.on('error', () => socket.destroy())
    let received = ''
    socket.on('data', (piece) => {
      received += piece.toString('latin1')
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = received.slice(0, end)
      received = received.slice(end + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0))
      requests.push(head)
      answer(socket, head, requests.length - 1)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server.address()),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server is not listening')
  return address.port
}

/** The bytes of an HTTP answer with a `Content-Length`; headers as lines. */
export function httpAnswer(status: number, body: string | Buffer, headers: string[] = []): Buffer {
  const bytes = Buffer.from(body)
  const lines = [`HTTP/1.1 ${status} Status`, `Content-Length: ${bytes.length}`, ...headers]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes])
}
