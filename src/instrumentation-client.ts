import { config } from 'zod/mini'

// Next loads this in browsers before anything else. zod would evaluate strings to parse faster, where it may; that it
// tries is a violation of the page's policy.
config({ jitless: true })
