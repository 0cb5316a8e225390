import { installMissingTools } from './systemTools'

/** Before the integration tests: the programs they run beside ours. */
export default installMissingTools
