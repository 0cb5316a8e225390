/** An end that was expected: its message says everything a person needs, so no stack is shown. */
export class ScriptError extends Error {}
