import { readFileSync } from 'node:fs'
import { Ajv2020, type Options } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export type Json = Record<string, unknown>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Making a check costs more than all its uses in a run of tests. */
const madeQuickly: Options = { inlineRefs: false, code: { optimize: false } }

/**
 * A published document, OpenAPI or AsyncAPI, against whose schemas values are held. Each schema is compiled when it is first
 * needed: a file of tests meets a few of them.
 */
export class ApiDocument {
  private readonly ajv: Ajv2020
  private readonly root: Json

  /** @param isClosed - whether an object may have no other fields than those that are written down. */
  constructor(text: string, isClosed: boolean, options: Options = {}) {
    this.root = JSON.parse(text.replaceAll('"$ref": "#/', '"$ref": "document#/'), isClosed ? closed : undefined)
    // What surrounds the schemas in such a document is no schema; a type beside `enum` or in `anyOf` need not be repeated.
    this.ajv = new Ajv2020({ validateSchema: false, strictTypes: false, ...madeQuickly, ...options })
    addFormats.default(this.ajv)
    this.ajv.addVocabulary(Object.keys(this.root))
    this.ajv.addSchema(this.root, 'document')
  }

  static read = (file: string, isClosed: boolean, options?: Options): ApiDocument =>
    new ApiDocument(readFileSync(file, 'utf8'), isClosed, options)

  /** What stands there, references followed. */
  at(...names: string[]): Json | undefined {
    let found: unknown = this.root
    for (const name of names) found = isJson(found) ? this.followed(found[name]) : undefined
    return isJson(found) ? found : undefined
  }

  /** What a reference stands for; anything else itself. */
  followed(value: unknown): unknown {
    if (!isJson(value) || typeof value.$ref !== 'string') return value
    return this.at(...value.$ref.slice('document#/'.length).split('/'))
  }

  /** Why a value is not what the schema (an object of this document) says; undefined when it is. */
  faultOf(schema: Json, value: unknown): string | undefined {
    const validate = this.ajv.compile(schema)
    return validate(value) ? undefined : this.ajv.errorsText(validate.errors)
  }
}

const closed = (_: string, value: unknown): unknown =>
  isJson(value) && value.type === 'object' && isJson(value.properties) && value.additionalProperties === undefined
    ? { ...value, additionalProperties: false }
    : value
