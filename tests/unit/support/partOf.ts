/** A port of which a test needs these methods only; asking for any other one fails the test. */
export function partOf<Port extends object>(methods: Partial<Port>): Port {
  const part = new Proxy(methods, {
    get(target, name) {
      if (!(name in target)) throw new Error(`${String(name)} was not expected to be asked.`)
      return Reflect.get(target, name)
    },
  })
  return part as Port // what is missing is answered by the error above
}
