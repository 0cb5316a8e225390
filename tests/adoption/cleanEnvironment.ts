import { variables } from '@/lib/env/variables'

/** A shell's or a runner's own settings are not the app's. */
export const cleanEnvironment = (): NodeJS.ProcessEnv => {
  const mine = [...Object.keys(variables.shape), 'NODE_ENV', 'NODE_OPTIONS', 'FORCE_COLOR']
  const left = Object.entries(process.env).filter(([name]) => !mine.includes(name))
  return Object.fromEntries(left) as NodeJS.ProcessEnv // Next's types ask for NODE_ENV, which its commands set themselves
}
