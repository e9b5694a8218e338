export type Codec = ReturnType<typeof createCodec>

/**
 * Carries what `structuredClone` accepts (plain data, dates, maps, sets, bytes, errors, cycles) through the text
 * of a binding. Self-contained: its source is also injected into the page.
 */
export function createCodec() {
  const error = 'e'

  /** Throws structuredClone's own DataCloneError for a function, a symbol or a host object. */
  function encode(input: unknown): string {
    const nodes: unknown[] = []
    const seen = new Map<unknown, number>()

    function node(value: unknown): unknown {
      if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
      if (value === undefined) return ['u']
      if (typeof value === 'number')
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ['n', `${Object.is(value, -0) ? '-0' : value}`]
      if (typeof value === 'bigint') return ['i', String(value)]
      if (value instanceof Date) return ['d', value.getTime()]
      if (value instanceof RegExp) return ['r', value.source, value.flags]
      if (value instanceof Map) return ['m', [...value].map(([key, item]) => [add(key), add(item)])]
      if (value instanceof Set) return ['s', [...value].map(add)]
      if (value instanceof ArrayBuffer) return ['b', 'ArrayBuffer', [...new Uint8Array(value)]]
      if (ArrayBuffer.isView(value)) {
        const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        return ['b', value.constructor.name, [...bytes]]
      }
      if (value instanceof Error) return [error, value.name, value.message]
      if (Array.isArray(value))
        return ['a', value.length, Object.entries(value).map(([key, item]) => [key, add(item)])]
      return ['o', Object.entries(Object(value)).map(([key, item]) => [key, add(item)])]
    }

    function add(value: unknown): number {
      const known = seen.get(value)
      if (known !== undefined) return known
      const index = nodes.push(null) - 1
      if (typeof value === 'object') seen.set(value, index)
      waiting.push([index, value])
      return index
    }

    // A queue instead of recursion: a value may be 10,000 levels deep.
    const waiting: [number, unknown][] = []
    add(structuredClone(input))
    for (let next = waiting.shift(); next; next = waiting.shift()) nodes[next[0]] = node(next[1])
    return JSON.stringify(nodes)
  }

  function decode(text: string): unknown {
    const nodes: unknown[] = JSON.parse(text)
    const values = nodes.map(create)
    for (const [index, node] of nodes.entries()) fill(values[index], node)
    return values[0]

    function create(node: unknown): unknown {
      if (!Array.isArray(node)) return node
      const [kind, first, second] = node
      if (kind === 'n') return Number(first)
      if (kind === 'i') return BigInt(first)
      if (kind === 'd') return new Date(first)
      if (kind === 'r') return new RegExp(first, second)
      if (kind === 'm') return new Map()
      if (kind === 's') return new Set()
      if (kind === 'b') return bytes(first, second)
      if (kind === 'a') return new Array(first)
      if (kind === 'o') return {}
      if (kind === error) return Object.assign(new Error(second), { name: first })
      return undefined
    }

    function bytes(name: string, content: number[]): unknown {
      const buffer = Uint8Array.from(content).buffer
      if (name === 'ArrayBuffer') return buffer
      const view = Reflect.get(globalThis, name === 'Buffer' ? 'Uint8Array' : name)
      return Reflect.construct(view, [buffer])
    }

    function fill(value: unknown, node: unknown): void {
      if (!Array.isArray(node)) return
      if (value instanceof Map) for (const [key, item] of node[1]) value.set(values[key], values[item])
      else if (value instanceof Set) for (const item of node[1]) value.add(values[item])
      else if (node[0] === 'a' || node[0] === 'o') {
        for (const [key, item] of node[node.length - 1]) {
          // Assignment would call the setter of `__proto__`.
          Object.defineProperty(value, key, {
            value: values[item],
            writable: true,
            enumerable: true,
            configurable: true,
          })
        }
      }
    }
  }

  return { encode, decode }
}
